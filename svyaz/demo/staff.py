"""Who works at the sample operator: departments, sixty employees, and the cast that can log in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from svyaz.access.actions import assign_role, create_user
from svyaz.access.models import Role
from svyaz.demo.chance import chance_of, day_between
from svyaz.demo.copying import Book
from svyaz.demo.geography import Region
from svyaz.demo.names import person_name
from svyaz.demo.queries import CAST, CAST_PASSWORD
from svyaz.lib.text import name_key
from svyaz.users.models import User
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import Department, Employee, EmployeeSkill, Membership, Presence, Skill

# Department code, names, how many work there in every region, their role and position.
_REGIONAL = (
    ("call-centre", "Контакт-центр", "Call centre", 6, "agent", "Оператор контакт-центра"),
    ("retention", "Удержание клиентов", "Customer retention", 1, "retention", "Специалист по удержанию"),
    ("shops", "Офисы обслуживания", "Shops", 2, "clerk", "Специалист офиса"),
    ("b2b", "Корпоративные продажи", "B2B sales", 1, "account_manager", "Менеджер корпоративных клиентов"),
    ("technical", "Техническая служба", "Technical service", 2, "technician", "Инженер технической поддержки"),
)
_CENTRAL = (
    ("credit", "Кредитный контроль", "Credit control", 2, "credit", "Специалист кредитного контроля"),
    ("marketing", "Маркетинг", "Marketing", 1, "marketing", "Маркетолог"),
    ("quality", "Контроль качества", "Quality control", 1, "quality", "Контролёр качества"),
    ("partners", "Партнёры и поставщики", "Partners and suppliers", 1, "partner_manager", "Менеджер по партнёрам"),
    ("post", "Канцелярия", "Correspondence office", 1, "agent", "Делопроизводитель"),
    ("privacy", "Защита персональных данных", "Data protection", 0, "dpo", "Ответственный за персональные данные"),
)
# Who can log in: by department, region and place in the department (0 is its head).
_CAST = {
    ("call-centre", "SPE", 1): ("anna", "Кузнецова Анна Павловна"),
    ("call-centre", "SPE", 2): ("boris", "Назаров Борис Ильич"),
    ("retention", "SPE", 0): ("vera", "Лебедева Вера Андреевна"),
    ("call-centre", "NVS", 1): ("gleb", "Сорокин Глеб Викторович"),
}
_SKILLS = (
    ("mobile", "Мобильная связь", "Mobile"), ("internet", "Домашний интернет", "Home internet"),
    ("tv", "Телевидение", "Television"), ("b2b", "Корпоративные услуги", "Business services"),
    ("claims", "Претензии", "Claims"), ("english", "Английский язык", "English"),
)  # fmt: skip
# The positions in English.
_POSITIONS = {
    "Руководитель подразделения": "Head of department",
    "Оператор контакт-центра": "Call-centre agent",
    "Специалист по удержанию": "Retention specialist",
    "Специалист офиса": "Shop clerk",
    "Менеджер корпоративных клиентов": "B2B account manager",
    "Инженер технической поддержки": "Technical support engineer",
    "Специалист кредитного контроля": "Credit controller",
    "Маркетолог": "Marketing specialist",
    "Контролёр качества": "Quality controller",
    "Менеджер по партнёрам": "Partner manager",
    "Делопроизводитель": "Correspondence clerk",
    "Ответственный за персональные данные": "Data-protection officer",
}


@dataclass(frozen=True)
class Worker:
    """An employee as the load needs him."""

    id: int
    name: str
    role: str
    department_id: int
    position: str
    user: User | None

    @property
    def user_id(self) -> int | None:
        """Return who he logs in as, if he does."""
        return self.user.pk if self.user else None


@dataclass
class Staff:
    """All employees, by department and region ("" is the head office); the first of each is its head."""

    book: Book
    roles: Mapping[str, Role]
    by: User
    opened: date
    today: date
    workers: dict[tuple[str, str], list[Worker]] = field(default_factory=dict)
    skills: list[int] = field(default_factory=list)

    def pick(self, rng: Random, department: str, region: str) -> Worker:
        """Return someone of a department in the region, or of the head office where the region has none."""
        group = self.workers.get((department, region)) or self.workers[department, ""]
        return group[int(rng.random() * (len(group) - 1)) + 1] if len(group) > 1 else group[0]

    def head(self, department: str, region: str) -> Worker:
        """Return the head of a department."""
        return (self.workers.get((department, region)) or self.workers[department, ""])[0]

    def of_user(self, username: str) -> Worker:
        """Return the member of the cast with this user name."""
        everyone = (worker for group in self.workers.values() for worker in group)
        return next(worker for worker in everyone if worker.user and worker.user.username == username)

    def moment(self, day: date) -> datetime:
        """Return the morning of a day at the head office."""
        return datetime.combine(day, time(9), ZoneInfo("Europe/Moscow"))


def create_administrator(*, roles: Mapping[str, Role], by: User, at: datetime) -> User:
    """Create the administrator of everything everywhere."""
    admin = create_user(username="admin", name="Орлов Дмитрий Сергеевич", password=None, by=by, at=at)
    assign_role(user=admin, role=roles["admin"], area=None, by=by, at=at)
    return admin


def let_the_cast_in() -> None:
    """Give the cast its password: hashed once for all of them, because a hash is slow on purpose."""
    User.objects.filter(username__in=CAST).update(password=make_password(CAST_PASSWORD))


def hire_everyone(staff: Staff, regions: Mapping[str, Region]) -> None:
    """Create skills, departments and employees, each department's head first."""
    staff.skills = [staff.book.add(Skill, code=code, name=name, name_en=name_en) for code, name, name_en in _SKILLS]
    root = _open_department(staff, "head-office", "Головной офис", "Head office", None, None, None)
    for code, name, name_en, size, role, position in _CENTRAL:
        _staff_department(staff, (code, name, name_en), None, root, size, role, position)
    for region in regions.values():
        for code, name, name_en, size, role, position in _REGIONAL:
            names = (code, f"{name}, {region.area.name}", f"{name_en}, {region.area.name_en}")
            _staff_department(staff, names, region, root, size, role, position)


def _open_department(
    staff: Staff, code: str, name: str, name_en: str, parent: int | None, area: int | None, head: int | None
) -> int:
    number = staff.book.add(
        Department, code=code, name=name, name_en=name_en, parent_id=parent, area_id=area, head_id=head,
        valid_from=staff.opened,
    )  # fmt: skip
    staff.book.tell(
        WorkforceEvent.DEPARTMENT_CREATED, "workforce.department", number, None, staff.moment(staff.opened),
        code=code, name=name,
    )  # fmt: skip
    return number


def _staff_department(
    staff: Staff, names: tuple[str, str, str], region: Region | None, root: int, size: int, role: str, position: str
) -> None:
    """Open a department and hire its head and employees."""
    code, name, name_en = names
    region_code = region.code if region else ""
    slug = f"{code}-{region_code.lower()}" if region else code
    # The head's row comes next after the ones that were written so far: the department can name it already.
    head = staff.book.tables[Employee].next_number
    department = _open_department(staff, slug, name, name_en, root, region.area.pk if region else None, head)
    group = staff.workers[code, region_code] = []
    for place in range(size + 1):
        is_head = place == 0
        title = "Руководитель подразделения" if is_head else position
        group.append(_hire(staff, (code, region_code, place), region, department, "head" if is_head else role, title))


def _hire(
    staff: Staff, post: tuple[str, str, int], region: Region | None, department: int, role: str, position: str
) -> Worker:
    rng = chance_of("employee", *post)
    username, name = _CAST.get(post, ("", person_name(rng).full))
    user = _login(staff, username, name, role, region) if username else None
    hired = day_between(rng, staff.opened, staff.today - timedelta(days=800))
    count = sum(map(len, staff.workers.values())) + 1
    number = staff.book.add(
        Employee, number=f"Т-{1000 + count}", name=name, name_key=name_key(name), user_id=user.pk if user else None,
        department_id=department, position=position, position_en=_POSITIONS[position], hired_date=hired,
    )  # fmt: skip
    staff.book.add(
        Membership, employee_id=number, department_id=department, position=position, position_en=_POSITIONS[position],
        valid_from=hired,
    )  # fmt: skip
    for skill in rng.sample(staff.skills, 2):
        staff.book.add(EmployeeSkill, employee_id=number, skill_id=skill, level=rng.randint(2, 5))
    state = rng.choice((Presence.State.AVAILABLE, Presence.State.BUSY, Presence.State.AWAY))
    staff.book.add(Presence, employee_id=number, state=state.value, since=staff.moment(staff.today))
    staff.book.tell(WorkforceEvent.EMPLOYEE_HIRED, "workforce.employee", number, None, staff.moment(hired), name=name)
    return Worker(number, name, role, department, position, user)


def _login(staff: Staff, username: str, name: str, role: str, region: Region | None) -> User:
    """Create the user of one of the cast, with the rights of his role in his region."""
    at = staff.moment(staff.opened)
    user = create_user(
        username=username, name=name, password=None, by=staff.by, at=at,
        time_zone=str(region.zone) if region else "Europe/Moscow",
    )  # fmt: skip
    assign_role(user=user, role=staff.roles[role], area=region.area if region else None, by=staff.by, at=at)
    return user
