"""Our columns, and the headers of the world that mean them: the tables to extend when a new log turns up."""

from app.logbook.status_rules import Meaning

EVENT_COLUMNS: dict[str, Meaning] = {
    "applied_at": Meaning("application"),
    "acknowledged_at": Meaning("acknowledgement"),
    "screen_at": Meaning("interview", "screening"),
    "assessment_at": Meaning("request", guessed=True),
    "interview_at": Meaning("interview", "interviewing"),
    "final_interview_at": Meaning("interview", "final_round"),
    "offer_at": Meaning("offer"),
    "accepted_at": Meaning("acceptance"),
    "declined_at": Meaning("decline"),
    "rejected_at": Meaning("rejection"),
    "withdrawn_at": Meaning("withdrawal"),
    "closed_at": Meaning("position_closed"),
    "outreach_at": Meaning("outreach"),
    "follow_up_at": Meaning("follow_up"),
    "thank_you_at": Meaning("thank_you"),
}
"""Columns of ours whose every date is one interaction."""

ALIASES: dict[str, str] = {
    "company": """
        company companyname employer employername organization organisation organizationname organisationname firm
        business companyorganization organizationcompany companyapplied companyappliedto nameofcompany
        companydisplayname firma unternehmen arbeitgeber firmenname entreprise societe employeur empresa compania
        compañia azienda bedrijf werkgever hiringcompany hiringorganization appliedto companyagency agencycompany
        client institution studio startup
    """,
    "title": """
        title jobtitle role position positiontitle roletitle jobrole jobposition jobname rolename positionname
        positionapplied positionappliedfor roleappliedfor appliedposition appliedrole appliedfor jobtitlerole
        titlerole roleposition positionrole jobtitleposition vacancy opening designation job stelle
        stellenbezeichnung jobtitel stellentitel berufsbezeichnung beruf poste intitule intituleduposte offre puesto
        cargo vaga ruolo posizione functie vacature jobpositiontitle nameofposition positions roles jobs name
    """,
    "url": """
        url joburl link joblink jobpostingurl jobposturl postingurl postinglink jobposting posting jobpost
        applicationurl applicationlink applyurl applylink joburllink urllink linktojob linktojobposting
        linktoposting linktoapplication linktoapply linkurl listing listingurl listingpage listinglink joblisting
        jobad joblinkurl externalurl sourceurl weblink hyperlink linkzurstelle stellenlink stellenanzeige anzeige
        lien liendeloffre lienoffre enlace jobdescriptionlink jobdescriptionurl jdlink jdurl positionurl rolelink
        adlink jobadlink jobadurl jobpagelink
    """,
    "location": """
        location joblocation city place office worklocation companylocation locations cityorremote locationcity ort
        standort arbeitsort lieu ville localisation ubicacion ciudad luogo sede locatie plaats geo region citystate
        locationname
    """,
    "requisition_id": """
        requisitionid requisition reqid req reqnumber requisitionnumber jobid jobnumber jobreqid jobrequisitionid
        postingid referencenumber jobref jobreference jobcode kennziffer referenznummer positionid vacancyid
        jobidnumber
    """,
    "salary_min": """
        salarymin minsalary minimumsalary salaryminimum payminimum minimumpay paymin minpay salaryfrom salarylow
        lowsalary baselow compmin compensationmin salaryrangemin salaryrangelow salarylowerbound
    """,
    "salary_max": """
        salarymax maxsalary maximumsalary salarymaximum paymaximum maximumpay paymax maxpay salaryto salaryhigh
        highsalary basehigh compmax compensationmax salaryrangemax salaryrangehigh salaryupperbound
    """,
    "salary": """
        salary salaryrange pay payrange compensation compensationrange comp salaryestimate estimatedsalary
        expectedsalary salaryamount annualsalary basesalary salaryusd wage payrate package remuneration gehalt
        gehaltsspanne salaire salario stipendio salaris ctc offeredsalary
    """,
    "currency": "currency salarycurrency paycurrency currencycode wahrung devise moneda",
    "kind": """
        kind employmenttype jobtype contracttype typeofemployment employment typeofjob typeofposition positiontype
        roletype opportunitytype worktype contract vertragsart beschaftigungsart typedecontrat tipodecontrato
        employmentkind jobcategory type
    """,
    "source": """
        source jobsource applicationsource leadsource foundvia foundon foundat found via channel appliedvia
        appliedthrough platform jobboard board site jobsite applicationsite applicationplatform applicationmethod
        applicationmode howfound howifound howdidyoufindit whereifound wherefound wherefoundjob wherefoundthejob
        whereapplied wheredidyoufindit method methodofapplication portal jobportal applicationchannel origin quelle
        plattform kanal fundort plateforme canal fuente plataforma fonte bron sourceofjob sourceofapplication medium
    """,
    "referral": """
        referral referred referredby referrer refer referralname hasreferral employeereferral internalreferral
        empfehlung cooptation
    """,
    "status": """
        status responsetype typeofresponse responsestatus applicationstatus currentstatus statusname jobstatus
        appstatus overallstatus finalstatus applicationstate state stage currentstage applicationstage hiringstage
        laststage stagename currentstep phase progress outcome finaloutcome applicationoutcome result results
        finalresult decision finaldecision jobstage statut etat etape resultat ergebnis stand bewerbungsstatus
        bewerbungsstand aktuellerstatus estado estatus resultado stato esito uitkomst situacao listname event action
        activity list column pipeline
    """,
    "status_at": """
        statusdate dateofstatus statusupdated statusupdatedate statusupdatedat statusupdatedon statuschanged
        statuschangedate statuschangedat datestatuschanged datestatusupdated laststatuschange laststatusupdate
        statuslastchanged stagedate dateofstage stagechangedate stageupdatedat stagechangedat outcomedate
        dateoutcome dateofoutcome outcomeat decisiondate dateofdecision datedecision decisionat resultdate
        dateofresult dateresult datederesultat closingdateofprocess statusdatum datestatus currentstagedate
        laststagechange movedat stageenteredat currentstatusdate
    """,
    "updated_at": """
        updatedat dateupdated lastupdated lastupdate lastupdatedat lastupdatedon lastupdatedate updatedon
        dateoflastupdate lastmodified lastmodifiedat modifiedat datemodified lasteditedtime lastedited lastactivity
        lastactivityat lastactivitydate lastactiondate lastcontact lastcontactdate lastcontacted lastcontactedat
        dateoflastcontact datelastcontacted lastcommunication lastinteraction updated updatedate letzterkontakt
        derniercontact updateddate lastheard
    """,
    "applied_at": """
        appliedat dateapplied applieddate appliedon applicationdate dateofapplication dateappliedon
        applicationsubmitted applicationsubmittedon applicationsubmissiondate submissiondate submitteddate
        datesubmitted submittedon submittedat submitted applieddatetime applicationsentdate applicationsenton
        applicationsent datesent sentdate senton sentat dateapplicationsubmitted dateapplicationsent dateiapplied
        dateappliedfor whenapplied dayapplied timeapplied applytime applydate applieddates dateapply bewerbungsdatum
        beworbenam datumderbewerbung bewerbungam gesendetam abgeschicktam versandtam bewerbungabgeschickt
        datedecandidature datecandidature datedenvoi dateenvoi envoyele postulele fechadeaplicacion fechaaplicacion
        fechadepostulacion fechapostulacion fechadesolicitud datacandidatura datadacandidatura sollicitatiedatum
        gesolliciteerdop applicationtimestamp appliedtimestamp applied application sent sentout date applicationday
        applicationdatetime datetime datum fecha data timestamp
    """,
    "saved_at": """
        savedat saveddate datesaved savedon dateadded addedat addeddate addedon createdat datecreated created
        createdon createdtime creationdate dateposted postedat posteddate postedon postdate postingdate
        dateofposting publishedat deadline applicationdeadline datedeadline duedate closingdate closedate applyby
        expirationdate expirydate dateexpires startdate datefound founddate discoveredat veroffentlichtam frist
        bewerbungsfrist datelimite currentdate today todaysdate listingdate scrapedat expires bookmarkedat
        firstcontactdate firstcontact dateoffirstcontact
    """,
    "responded_at": """
        respondedat response responses responsedate dateofresponse dateresponse responsereceived responseon
        responsereceivedon responsereceiveddate dateresponsereceived dateof1stresponse dateoffirstresponse
        firstresponse 1stresponse firstresponsedate 1stresponsedate initialresponse initialresponsedate dateofreply
        reply replydate replyreceived repliedon repliedat datereplied dateheardback heardback heardbackon
        heardbackdate heardfrom companyresponse companyresponsedate employerresponse employerresponsedate callback
        callbackdate calledback gotresponse receivedresponse receivedreply replied responded antwort antwortam
        antwortdatum datumderantwort ruckmeldung ruckmeldungam ruckmeldungsdatum datumruckmeldung reponse
        datedereponse datereponse reponserecue reponsele respuesta fechaderespuesta fecharespuesta resposta risposta
        reactie reactiedatum datereceivedresponse
    """,
    "plan": """
        followupdate followup nextfollowup nextfollowupdate dateoffollowup datetofollowup followupon followupby
        followupdue followupat followupreminder reminderdate reminder remindat nextstepdate nextactiondate
        nextaction nextcontact nextcontactdate wiedervorlage nachfassen daterelance relance derelance contactby
        nextcheckin
    """,
    "days_to_outcome": "daystooutcome timetorejection daystorejection daystodecision timetooutcome timetodecision",
    "notes": """
        notes note update updates latestupdate comments comment remarks remark details additionalnotes
        additionalinfo additionalinformation additionalcomments othernotes generalnotes mynotes personalnotes
        feedback nextsteps nextstep rejectionreason reason reasonforrejection interviewnotes interviewfeedback
        statusnotes notizen notiz bemerkung bemerkungen kommentar kommentare anmerkung anmerkungen remarques
        remarque commentaires commentaire notas observaciones comentarios observacoes opmerkingen osservazioni info
        misc memo thoughts followupnotes companynotes contactnotes statusdetails statusdetail interviewdetails
        offerdetails
    """,
    "contact_name": """
        contactname contact contactperson pointofcontact poc recruiter recruitername hiringmanager hiringmanagername
        recruitercontact companycontact contacts maincontact ansprechpartner ansprechpartnerin kontaktperson kontakt
        interlocuteur contacto personadecontacto contactpersoon keycontact contactfullname recruiterorcontact
        nameofrecruiter
    """,
    "contact_email": """
        contactemail recruiteremail contactemailaddress recruitersemail emailcontact hiringmanageremail
        contactpersonemail kontaktemail
    """,
    "contact_url": "contacturl contactlinkedin recruiterlinkedin contactprofile recruiterprofile linkedinprofile",
    "contact_title": "contacttitle recruitertitle contactrole contactposition",
    "acknowledged_at": """
        acknowledgedat acknowledgementdate confirmationdate confirmationreceived autoreply eingangsbestatigung
    """,
    "offer_at": "offerat joboffer offerdate dateofoffer joboffers gotoffer",
}
"""Ours <- theirs (compared by `text.key`), the likeliest first; a header that several claim goes to the first."""

FILLER = """
    date dates datum day on at am le la du de of the when is was timestamp fecha data und and a an i have has did
    got get been for if any received receive yes no y n sent sentout done completed complete scheduled held
"""
"""Words of a header that say "this is a date" or "this happened", and nothing about what."""

STAGE_WORDS = """
    applied apply application applications submitted submission interview interviews interviewed interviewing round
    phone screen screening screened call recruiter hr technical tech onsite site virtual video in person final first
    second third fourth fifth 1st 2nd 3rd 4th 5th 1 2 3 4 5 6 one two three i ii iii initial last loop panel take
    home assessment assessments assesment test tests oa online coding challenge case study assignment homework offer
    offers offered job verbal accepted accept acceptance declined decline rejected rejection rejections reject
    refused refusal withdrawn withdrew withdraw withdrawal ghosted ghost ghosting follow up followed followup thank
    you thankyou note email letter hiring manager team behavioral behavioural cultural culture fit hackerrank ceo
    executive acknowledged acknowledgement confirmation auto reply position closed filled hired no response heard
    back outreach reached out introduction intro referred vorstellungsgesprach gesprach telefoninterview
    erstgesprach zweitgesprach absage zusage angebot einladung zum entretien entretiens refus offre candidature
    relance telephonique technique rh entrevista oferta rechazo eingeladen abgesagt nachgefasst screenings calls
    zoom phonescreen denied
"""
"""A header made of these alone names a stage, such as `2nd Interview`; what the stage is, the status rules tell."""

VAGUE = {
    "applied_at": "date datum fecha data timestamp datetime applied application sent sentout",
    "status": "state list column pipeline progress phase event action activity",
}
"""Headers that mean our column only where no clearer one does."""
