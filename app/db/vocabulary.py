"""The closed lists of the records, as API.md section 3 spells them; the engine's own lists are in app/ghosting."""

from enum import StrEnum


class MemberRole(StrEnum):
    """What a member may do in the practice."""

    OWNER = "owner"
    ADMIN = "admin"
    COACH = "coach"
    ASSISTANT = "assistant"


class CallerRole(StrEnum):
    """As whom somebody calls: a role of a member, or a client."""

    OWNER = "owner"
    ADMIN = "admin"
    COACH = "coach"
    ASSISTANT = "assistant"
    CLIENT = "client"


class MemberStatus(StrEnum):
    """Whether a member has accepted, works here, or no longer does."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class CoachAccess(StrEnum):
    """Whose clients coaches and assistants see: the whole practice's, or those assigned to them."""

    PRACTICE = "practice"
    ASSIGNED = "assigned"


class EmploymentStatus(StrEnum):
    """What a client does for a living at present."""

    EMPLOYED = "employed"
    UNDEREMPLOYED = "underemployed"
    UNEMPLOYED = "unemployed"
    FREELANCE = "freelance"
    STUDENT = "student"


class LoginStatus(StrEnum):
    """Whether a client can sign in."""

    NONE = "none"
    INVITED = "invited"
    ACTIVE = "active"


class TokenKind(StrEnum):
    ACCESS = "access"
    REFRESH = "refresh"


class ContactRole(StrEnum):
    """What a contact is to the opportunity."""

    HIRING_MANAGER = "hiring_manager"
    RECRUITER = "recruiter"
    AGENCY_RECRUITER = "agency_recruiter"
    INTERVIEWER = "interviewer"
    EXECUTIVE = "executive"
    REFERRER = "referrer"
    OTHER = "other"


class OpportunityKind(StrEnum):
    """What kind of work it is."""

    PERMANENT = "permanent"
    CONTRACT = "contract"
    GIG = "gig"
    INTERNSHIP = "internship"


class OpportunitySource(StrEnum):
    """How the client came to the opportunity."""

    APPLIED = "applied"
    REFERRAL = "referral"
    RECRUITER = "recruiter"
    NETWORKING = "networking"
    JOB_BOARD = "job_board"
    OTHER = "other"


class Channel(StrEnum):
    """By which way a message went or a meeting was held."""

    EMAIL = "email"
    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"
    MESSAGE = "message"
    PORTAL = "portal"
    LETTER = "letter"
    OTHER = "other"


class Visibility(StrEnum):
    """Who may read an interaction."""

    SHARED = "shared"
    COACHES = "coaches"


class RecorderType(StrEnum):
    """Who recorded an interaction."""

    MEMBER = "member"
    CLIENT = "client"
    IMPORT = "import"


class ImportState(StrEnum):
    """How far an import has come."""

    PREVIEWED = "previewed"
    COMMITTED = "committed"
    UNDONE = "undone"


class RowAction(StrEnum):
    """What becomes of a row of a log."""

    CREATE = "create"
    MATCH = "match"
    SKIP = "skip"
    ERROR = "error"


class ActorType(StrEnum):
    """As what somebody acts in a practice."""

    MEMBER = "member"
    CLIENT = "client"
    SYSTEM = "system"


class NextActionKind(StrEnum):
    """What can be done next: the engine's kinds, and what people set themselves."""

    MAKE_CONTACT = "make_contact"
    REPLY = "reply"
    FIX_CONTACT = "fix_contact"
    ANSWER_OFFER = "answer_offer"
    PREPARE = "prepare"
    SEND_THANK_YOU = "send_thank_you"
    FIND_CONTACT = "find_contact"
    STAY_ACTIVE = "stay_active"
    WAIT_FOR_PROMISE = "wait_for_promise"
    SEND_FOLLOW_UP = "send_follow_up"
    CLOSE_AND_REDIRECT = "close_and_redirect"
    CUSTOM = "custom"


class ActionOrigin(StrEnum):
    """Whether the rules advise an action or somebody has set it."""

    COMPUTED = "computed"
    MANUAL = "manual"


class ActionState(StrEnum):
    """What has become of an action."""

    OPEN = "open"
    DONE = "done"
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"


class Assignee(StrEnum):
    """Whose action it is to take."""

    CLIENT = "client"
    COACH = "coach"


class WinOrigin(StrEnum):
    """Whether a win follows from the timeline or was noted."""

    DERIVED = "derived"
    NOTED = "noted"


class ActivityKind(StrEnum):
    """What builds a credential."""

    COURSE = "course"
    CERTIFICATION = "certification"
    SKILL = "skill"
    PORTFOLIO = "portfolio"
    VOLUNTEERING = "volunteering"
    STRETCH_ASSIGNMENT = "stretch_assignment"
    JOB_CRAFTING = "job_crafting"
    NETWORKING = "networking"
    OTHER = "other"


class ActivityStatus(StrEnum):
    """How far a development activity has come."""

    PLANNED = "planned"
    ACTIVE = "active"
    DONE = "done"
    DROPPED = "dropped"
