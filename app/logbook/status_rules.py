"""What people write about how an application stands, and the interaction each of it stands for.

Rules are tried in order and the first that is found in the words wins, so the sharper one stands first. They are
matched against lower-case words without accents or marks ("Didn't apply" is "didn t apply"); lines are alternatives.
"""

from typing import NamedTuple

LEAD, GHOST, PENDING = "lead", "ghost", "pending"
NOT_EVENTS = frozenset({LEAD, GHOST, PENDING})
"""Readings that are no interaction: not applied yet; a mark of silence; nothing that somebody did."""


class Meaning(NamedTuple):
    kind: str
    stage: str | None = None
    guessed: bool = False


PARTS = {
    "test": r"(assess?ments?|take ?home|coding|code (test|challenge)|hacker ?rank|code ?signal|codility|online test|oa"
    r"|case study|challenge|assignment|home ?work|work sample|aptitude|test( task)?|questionnaire|exercise)",
    "asked": r"(round|stage|received|requested|invite\w*|link|pending|due|phase|assessment|test|challenge)",
    "job": r"(position|job|role|req(uisition)?|posting|vacancy|opening|listing|search)s? (was |is |has been |got )?",
    "met": r"(interview|screen\w*|call|meeting|round)",
    "they": r"(recruiter|employer|company|they|inbound|head ?hunter|agency)",
    "not": r"(not|n t|wasn t|weren t) (been )?",
    "first": r"(phone|telephone|tel|initial|intro\w*|first|1st|recruiter|hr|talent|pre|video|zoom|telefon|quick)",
}
"""What `<name>` stands for in the rules."""

RULES: tuple[tuple[Meaning, str], ...] = (
    (Meaning(GHOST), r"""
        ghost|ignored|un ?responsive|never (heard|respond|repl)|radio silence|no call ?back
        (not|n t|never) (heard|hear)|^(still )?silen(t|ce)|stale|timed out|went (dark|silent|quiet)
        did(n t| not) (respond|reply|answer)
        \bno (\w+ )?(response|reply|repl(y|ies)|answer|news|word|feedback|update|contact)
        keine (antwort|ruckmeldung|reaktion)|(sans|pas de|aucune) (reponse|retour|nouvelle)|sin respuesta
        geen (reactie|antwoord)
    """),
    (Meaning("decline"), r"""
        offer (was )?(declined|turned down|refused|rejected)
        (declined|turned down|rejected|refused) (the |an |their |job |verbal )*offer|i (declined|turned)
        declined by (me|candidate)|rejected by me
    """),
    (Meaning("acceptance"), r"""
        offer (was )?(accepted|signed)|(accepted|signed|took) (the |an |their |job )*(offer|job|position|role)
        ^accepted?$|^acceptance|(?<!not )\bhired\b(?! (someone|other|internal))|got (the |a )?job|^joined|^signed
        started( job| work|$)|angenommen|acceptee?$|aceptad
    """),
    (Meaning("withdrawal"), r"""
        withdr[ae]w|pulled out|(cancel\w*|retracted|rescinded) (my )?applic|(no longer|not|lost) interest
        dropped out|declined (to )?(interview|continue|proceed|move|further)|backed out|zuruckgezogen|retiree?$
        retire ma|i (passed|quit)|removed myself|self (reject|withdr)|passed on (it|them|offer)
    """),
    (Meaning(LEAD), r"""
        (did ?n t|did not|not|never|haven t|have not|won t|can ?t|decided not to) (yet )?appl
        not (yet )?(started|submitted|sent)|(need|want|plan|ready|going|yet|have)s? to (be )?appl
        ^to (apply|do|be (applied|submitted|sent))|^todo|wish ?list|^saved?\b|book ?mark|^interest|^draft
        consider(ing)? (apply|it)?$|^plann(ed|ing)|^leads?$|prospect|backlog|will apply
        apply (soon|later|now|by|today|this)|^prepar\w*( to apply| application| documents| cv| resume)?$
        research(ing|ed)?$|^(new|skip(ped)?|discovered|found|identified|target|queued?|shortlist|maybe)$
        missed (the )?deadline|^applying|in vorbereitung|a postuler|merkliste|gemerkt|por aplicar|^open position
    """),
    (Meaning("hold"), r"""
        <job>(on hold|frozen|paused)|hiring (freeze|paused|on hold)|^(put )?on hold|^hold\b|wait ?list|^paused
    """),
    (Meaning("position_closed"), r"""
        <job>(removed|closed|filled|cancel|taken|expired|withdrawn|gone|deleted|eliminated|pulled)
        (closed|cancel+ed) by (employer|company)|^expired|^filled|no longer (available|open|hiring|accepting)
        stelle (ist )?besetzt|poste pourvu|hired (someone|other|internal)
    """),
    (Meaning("rejection"), r"""
        rejec|rejet|refus|absage|abgesagt|abgelehnt|rechaz|afgewezen|afwijzing|rifiutat|recusad
        <not>(selected|mov(e|ed|ing)|proceed\w*|progress\w*|considered|chosen|success\w*|hired|advanc\w*|accepted)
        <not>(shortlisted|qualified|a (good )?(fit|match)|going (forward|ahead)|continu\w*)
        (no|not) longer (being |under |in )*consider|unsuccess|un ?suitable|turned (me )?down|^denied|denial|regret
        ^failed|^negativ|^dismissed|passed over|they passed|eliminated|thanks? (but )?no( thank\w*)?$
        not a (good )?(fit|match)|^lost$|knocked out|disqualif
    """),
    (Meaning("rejection", guessed=True), r"^declined?( by (company|employer|them))?$|on file|talent pool|sans suite"),
    (Meaning("position_closed", guessed=True), r"^cancel+ed$"),
    (Meaning("verbal_offer"), r"verbal(ly)? offer|verbal(ly)?$"),
    (Meaning(PENDING), r"""
        (request|expect|discuss)\w* .*offer|await\w* .*offer|pre offer|(no|without) offer|offer pending
    """),
    (Meaning("offer", guessed=True), r"negotiat"),
    (Meaning("offer"), r"\boffer|angebot|zusage|zugesagt|^offre|oferta|vertrag|contract (sent|received)"),
    (Meaning("thank_you"), r"thank ?you (note|e ?mail|letter|card|sent)|sent thank|^thank ?(you|s)$|dankes"),
    (Meaning(PENDING), r"""
        (need|next|to|must|should|planned|schedule\w*) (to )?follow
        follow ?up (due|needed|required|scheduled|on|by|next|date)|reminder|nachfassen am|a relancer
    """),
    (Meaning("follow_up"), r"follow(ed|ing)? ?up|nachgefasst|nachgehakt|relance|chased|check(ed)? in|nudged"),
    (Meaning("no_show", guessed=True), r"no show|did(n t| not) show|stood (me )?up"),
    (Meaning("acknowledgement"), r"""
        auto(mat\w*)? ?(e ?mail|repl\w*|respon\w*|receipt|confirm\w*|ack\w*|generated)|^automated
        (application|resume|cv|submission) (was |is )?(received|confirmed|viewed|opened)
        (application|resume|cv|submission) (was |is )?(read|downloaded|seen|acknowledged)|acknowledg|confirmation
        ^receipt|^received|^confirmed|\bviewed|^seen$|eingangsbest|eingegangen|accuse (de )?recep
    """),
    (Meaning("submission"), r"""
        \b<test> (was |is |has been )?(submitted|done|complete\w*|sent|finished|taken|turned in|passed)
        (submitted|completed|did|finished|took) (the |an? |my )?(\w+ )?<test>|^test abgegeben
    """),
    (Meaning("interview", "interviewing"), r"""
        assess?ment (cent|day)|(live|pair) (coding|programming)|(coding|code|case) interview|interview assess
    """),
    (Meaning("request", guessed=True), r"""
        ^(an? |the |online |technical |skills? |coding )*<test>( <asked>)*$
        take home|coding (test|challenge)|online assess|hacker ?rank|code ?signal|codility|hire ?vue|one way
        test task|work sample
    """),
    (Meaning("request"), r"""
        <they> (\w+ )?(out ?reach\w*|reached|contact\w*|messag\w*|e ?mailed|called|approach\w*)|contacted (me|by)
        reached out to me|inbound|head ?hunted|request|action (required|needed)|needs? (a )?(reply|response)
        reply needed|info(rmation)? needed|invited to apply
    """),
    (Meaning(PENDING), r"(resume|cv|application|profile) screen"),
    (Meaning("employer_message", guessed=True), r"""
        <met> (is |was |has been )?(scheduled|invit\w*|upcoming|booked|offered|request\w*|planned|set|arranged)
        <met> (pending|tbd)|await\w* (an? )?(\w+ )?<met>$|^(invited|invitation|eingeladen|einladung)$
        (scheduled?|invited|invitation|booked|upcoming)\b.*(<met>|gespr)
        (offered|set up|arranging|einladung|eingeladen)\b.*(<met>|gespr)
    """),
    (Meaning(PENDING), r"""
        (skip\w*|without|no|missed) (an? )?interview|(interview|call|meeting) cancel|hiring manager review
    """),
    (Meaning("interview", "final_round"), r"""
        final (round|interview|stage|step|call|panel|loop|\d)|^finals?$|finalist|last (round|interview|stage)
        on ?site|super ?day|executive (interview|round)|\bceo\b|letztes gespr
    """),
    (Meaning("interview", "screening"), r"""
        <first> ?(\w+ )?(screen\w*|call|chat)
        (phone|telephone|hr|recruiter|initial|screening|telefon\w*) ?(interview|round|stage|conversation|meeting)
        screen|^hr$|telefoninterview|telefonat|erstgespr|kennenlern|pre ?qualif|preselec
    """),
    (Meaning("meeting"), r"informational|coffee|meet ?up|networking (call|chat|meeting)|career fair"),
    (Meaning("interview", "interviewing"), r"""
        intervie|^inter$|^int ?\d|entretien|vorstellung|gespr|entrevista|colloquio|sollicitatiegespr|\brounds?\b
        technical|^tech$|tech (call|chat|stage)|video (call|meeting)|^meeting|^met\b
        hiring manager (interview|call|chat|round|screen|meeting)|^hiring manager$|\bloop\b|panel
        ^(virtual|face to face|in person)|presentation|trial day|probetag|probearbeit|team match
    """),
    (Meaning(PENDING), r"""
        await|waiting|pending|in (progress|review|process|consideration)|under (review|consideration)
        being (reviewed|considered)|^(active|open|on ?going|processing|current|live|tbd|unknown)$
        ^(in work|reviewed)$|reviewing|in (bearbeitung|prufung)
        bearbeitung|attente|en (cours|proceso)|laufend|warte|offen$|lopend
    """),
    (Meaning("introduction"), r"""
        introduced|intro made|introduction|referr(ed|al) (submitted|sent|by|made)|^referr(ed|al)$
    """),
    (Meaning("outreach"), r"""
        reached out|^messaged|cold (e ?mail|message|call)
        (e ?mailed|messaged|contacted) (the )?(recruiter|hm|hiring|manager|them|company)|out ?reach|^networking
        linked ?in message
    """),
    (Meaning("employer_message"), r"""
        (short|long) ?listed|positive|mov(ed|ing) (forward|on|ahead|to)|next (round|step|stage)|advanc
        progress(ed|ing)|interested in me|talking|in (contact|touch|conversation|discussions?)|heard back
        call(ed)? ?back|respon(ded|se|d)|repl(ied|y)|antwort|ruckmeldung|reponse|respuesta
        back ?ground|references?\b|drug test|messaged me|wrote back|selected
    """),
    (Meaning("employer_message", guessed=True), r"^contact(ed)?$"),
    (Meaning("application"), r"""
        appl(y|ied|ication)|submit|^sent|candidature|beworben|bewerbung|verschickt|abgeschickt|gesendet|postul
        aplicad|envoyee?|envoi|enviad|gesolliciteerd|solicit|candidatad|inviat|(cv|resume|e ?mail) sent|easy apply
    """),
)  # fmt: skip
