"""Who is in the demo practice. Everybody and every company here is invented, and says so by name."""

from dataclasses import dataclass

from app.db.vocabulary import ContactRole, EmploymentStatus, OpportunityKind, OpportunitySource

PRACTICE = "Harbour Lane Coaching (demo, invented people)"
OWNER = ("Olive Harbour (demo)", "olive@demo.example")
COACHES = (("Cato Lane (demo)", "cato@demo.example"), ("Ines Quay (demo)", "ines@demo.example"))
TIME_ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Person:
    """A client: how they live, what they look for, and which story they carry besides the ordinary ones.

    Whoever is `left_alone` has none of those, and nobody has touched the plan: the radar is there for them.
    """

    name: str
    time_zone: str
    region: str | None
    employment_status: EmploymentStatus
    hours_free: int
    goal: str
    titles: tuple[str, ...]
    kind: OpportunityKind = OpportunityKind.PERMANENT
    special: str | None = None
    left_alone: bool = False


_E = EmploymentStatus
PEOPLE = (
    Person(
        "Felix Brandt (demo)", "America/New_York", "US", _E.FREELANCE, 15, "Steady bookings from agencies",
        ("Creative Director", "Art Director"), OpportunityKind.GIG, "creative_director",
    ),
    Person(
        "Dana Whitlock (demo)", "America/Chicago", "US", _E.EMPLOYED, 4, "Lead a brand team",
        ("VP Marketing", "Brand Director"), special="marketing_executive",
    ),
    Person(
        "Jonas Weller (demo)", "Europe/Berlin", "DE-BE", _E.EMPLOYED, 6, "From agency work to one product",
        ("Senior Designer", "Design Lead"), special="in_house_designer",
    ),
    Person(
        "Priya Raman (demo)", "America/Los_Angeles", "US-CA", _E.UNEMPLOYED, 25, "A seat in the leadership team",
        ("Senior Director Operations", "Chief of Staff"), special="senior_director",
    ),
    Person("Amara Osei (demo)", "Europe/London", "GB-ENG", _E.UNDEREMPLOYED, 18, "Data work full time",
           ("Data Analyst", "Analytics Engineer")),
    Person("Luca Ferri (demo)", "Europe/Rome", "IT", _E.UNEMPLOYED, 30, "Back to hotel management",
           ("Hotel Manager", "Operations Manager"), special="hotel_manager"),
    Person("Noor Haddad (demo)", "Asia/Dubai", "AE", _E.EMPLOYED, 5, "Compliance closer to home",
           ("Compliance Officer", "Risk Manager")),
    Person("Tomás Vidal (demo)", "America/Santiago", "CL", _E.STUDENT, 20, "A first post in research",
           ("Research Assistant", "Junior Economist"), OpportunityKind.INTERNSHIP),
    Person("Ritu Menon (demo)", "Asia/Kolkata", "IN", _E.EMPLOYED, 8, "Product instead of projects",
           ("Product Manager", "Product Owner")),
    Person("Sanne de Boer (demo)", "Europe/Amsterdam", "NL", _E.FREELANCE, 12, "Longer contracts",
           ("Copywriter", "Content Strategist"), OpportunityKind.CONTRACT),
    Person("Marcus Reid (demo)", "Australia/Sydney", "AU-NSW", _E.UNEMPLOYED, 35, "Site work near the coast",
           ("Site Engineer", "Project Engineer")),
    Person("Hana Kimura (demo)", "Asia/Tokyo", "JP", _E.EMPLOYED, 3, "A team to lead", ("Engineering Manager",
           "Staff Engineer")),
    Person("Mei Tan (demo)", "Asia/Singapore", "SG", _E.EMPLOYED, 6, "Finance in a smaller house",
           ("Finance Manager", "Controller"), special="controller"),
    Person("Owen Castle (demo)", "Europe/Dublin", "IE", _E.UNEMPLOYED, 20, "Teaching again",
           ("Head of Training", "Trainer"), special="trainer", left_alone=True),
)  # fmt: skip

COMPANIES = (
    "Alder & Finch", "Bluewater Freight", "Cobalt Kitchens", "Dovetail Health", "Eastgate Media", "Fernhill Bank",
    "Glasshouse Labs", "Hollow Oak Press", "Inkwell Studio", "Juniper Rail", "Kestrel Energy", "Larkspur Foods",
    "Millrace Software", "Northbeam Optics", "Orchard Row", "Pilot Light Games", "Quarry Stone Works", "Redfern Retail",
    "Saltmarsh Hotels", "Thistle Insurance", "Umber Textiles", "Vellum Archives", "Westwind Travel", "Yarrow Clinics",
)  # fmt: skip

CONTACTS = (
    ("Robin Example", ContactRole.RECRUITER),
    ("Kim Example", ContactRole.HIRING_MANAGER),
    ("Alex Example", ContactRole.AGENCY_RECRUITER),
    ("Sam Example", ContactRole.EXECUTIVE),
)

SOURCES = (
    OpportunitySource.APPLIED,
    OpportunitySource.JOB_BOARD,
    OpportunitySource.REFERRAL,
    OpportunitySource.NETWORKING,
    OpportunitySource.RECRUITER,
)
