"""The cast: three therapists, an admin and 24 clients, with the day they came and the road they took."""

from dataclasses import dataclass

WEEKS = 12
WITHOUT_EMAIL = {"zofia"}


@dataclass(frozen=True)
class Staff:
    """A member of staff. `roles` are words of `practice.people.models.Role`."""

    email: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """A client: whose, since which week of the twelve, when they meet, how they fare (`courses.py`), what they do."""

    key: str
    name: str
    therapist: int
    week: int
    weekday: int
    at: str
    course: str
    pathway: str
    preferred: str = ""
    pronouns: str = ""
    mode: str = "room"
    zone: str = ""
    then: str = ""  # a second pathway, some weeks after the first

    @property
    def email(self) -> str | None:
        """An address that leads nowhere; who has none comes in by a code in the room."""
        return None if self.key in WITHOUT_EMAIL else f"{self.key}@demo.example"


ADMIN = Staff("admin@demo.example", "Robin Clarke", ("admin",))
THERAPISTS = (
    Staff("therapist@demo.example", "Noor Haddad", ("therapist",)),
    Staff("tomas@demo.example", "Tomás Ferreira", ("therapist", "supervisor")),
    Staff("ingrid@demo.example", "Ingrid Voss", ("therapist", "lead")),
)

START, CALM = "first-four-weeks", "calmer-days"
PEOPLE = (
    Person("client", "Sam Okafor", 0, 1, 3, "15:30", "thriving", START, "Sam", "they/them", "video", then=CALM),
    Person("lina", "Lina Brandt", 0, 0, 0, "10:00", "thriving", START, "Lina", "she/her", then=CALM),
    Person("joao", "João Pires", 0, 0, 1, "11:00", "drop", CALM, "João", "he/him"),
    Person("amira", "Amira Nasser", 0, 2, 2, "09:00", "risk", START, "Amira", "she/her"),
    Person("kofi", "Kofi Mensah", 0, 1, 4, "14:00", "drifting", START, "Kofi", "he/him", "video"),
    Person("yuki", "Yuki Tanaka", 0, 11, 3, "17:00", "new", START, "Yuki", "she/her"),
    Person("ben", "Benjamin Hale", 0, 3, 0, "16:00", "steady", CALM, "Ben", "he/him"),
    Person("zofia", "Zofia Mazur", 0, 4, 1, "13:00", "steady", START, "", "she/her", "phone", then=CALM),
    Person("idris", "Idris Rahman", 0, 5, 2, "15:00", "thriving", CALM, "", "he/him"),
    Person("maeve", "Maeve Doyle", 0, 7, 4, "10:30", "slow", START, "", "she/her", "video", "Europe/Lisbon"),
    Person("carlos", "Carlos Rivera", 1, 0, 0, "09:00", "thriving", START, "", "he/him"),
    Person("hanna", "Hanna Lindqvist", 1, 1, 1, "10:00", "steady", CALM, "", "she/her"),
    Person("dev", "Dev Malhotra", 1, 2, 2, "12:00", "steady", START, "Dev", "he/him", "video"),
    Person("ruth", "Ruth Abrams", 1, 3, 3, "11:00", "slow", CALM, "", "she/her", "phone"),
    Person("leo", "Leonie Fuchs", 1, 4, 4, "09:30", "mended", START, "Leo", "they/them"),
    Person("sana", "Sana Qureshi", 1, 6, 0, "14:00", "thriving", CALM, "", "she/her"),
    Person("owen", "Owen Price", 1, 8, 1, "16:30", "steady", START, "", "he/him", "video"),
    Person("mina", "Mina Park", 2, 0, 2, "10:00", "thriving", CALM, "", "she/her"),
    Person("victor", "Victor Ionescu", 2, 1, 3, "13:30", "steady", START, "", "he/him"),
    Person("grace", "Grace Adeyemi", 2, 2, 4, "11:30", "thriving", START, "", "she/her"),
    Person("elif", "Elif Kaya", 2, 3, 0, "11:00", "steady", CALM, "", "she/her", "video", "Europe/Istanbul"),
    Person("paul", "Paul Nkemelu", 2, 5, 1, "15:00", "slow", START, "", "he/him"),
    Person("ana", "Ana Kovač", 2, 6, 2, "17:00", "steady", CALM, "", "she/her"),
    Person("tess", "Tess Moran", 2, 9, 3, "09:30", "steady", START, "", "she/her"),
)
