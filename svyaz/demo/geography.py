"""Where the sample operator works: three regions in three time zones, with districts, towns and streets."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from svyaz.places.actions import create_area
from svyaz.places.models import Area
from svyaz.users.models import User

# Code and names of district, then its towns: code, names, first digits of the postal code.
# A district without towns is itself the place people live in.
_Town = tuple[str, str, str, str]
_District = tuple[str, str, str, str, tuple[_Town, ...]]
_PETERSBURG: tuple[_District, ...] = (
    ("PRM", "Приморский район", "Primorsky District", "1973", ()),
    ("VYB", "Выборгский район", "Vyborgsky District", "1943", ()),
    ("NEV", "Невский район", "Nevsky District", "1931", ()),
    ("VAS", "Василеостровский район", "Vasileostrovsky District", "1991", ()),
    ("MSK", "Московский район", "Moskovsky District", "1961", ()),
    ("KLP", "Колпинский район", "Kolpinsky District", "1966", (("KOL", "Колпино", "Kolpino", "1966"),)),
    ("PSH", "Пушкинский район", "Pushkinsky District", "1966",
     (("PUS", "Пушкин", "Pushkin", "1966"), ("PAV", "Павловск", "Pavlovsk", "1966"))),
    ("KUR", "Курортный район", "Kurortny District", "1977",
     (("SES", "Сестрорецк", "Sestroretsk", "1977"), ("ZEL", "Зеленогорск", "Zelenogorsk", "1977"))),
)  # fmt: skip
_SVERDLOVSK: tuple[_District, ...] = (
    ("EKB", "Екатеринбургский городской округ", "Yekaterinburg", "6200",
     (("EKA", "Екатеринбург", "Yekaterinburg", "6200"),)),
    ("GRZ", "Горнозаводской округ", "Gornozavodskoy District", "6220",
     (("NTG", "Нижний Тагил", "Nizhny Tagil", "6220"), ("NEV", "Невьянск", "Nevyansk", "6241"))),
    ("ZAP", "Западный округ", "Western District", "6231",
     (("PRV", "Первоуральск", "Pervouralsk", "6231"), ("REV", "Ревда", "Revda", "6232"))),
    ("YUZ", "Южный округ", "Southern District", "6234",
     (("KAM", "Каменск-Уральский", "Kamensk-Uralsky", "6234"), ("BER", "Берёзовский", "Beryozovsky", "6237"))),
)  # fmt: skip
_NOVOSIBIRSK: tuple[_District, ...] = (
    ("NSK", "Городской округ Новосибирск", "Novosibirsk", "6300",
     (("NOV", "Новосибирск", "Novosibirsk", "6300"),)),
    ("BRD", "Городской округ Бердск", "Berdsk", "6330", (("BER", "Бердск", "Berdsk", "6330"),)),
    ("ISK", "Искитимский район", "Iskitimsky District", "6332",
     (("ISK", "Искитим", "Iskitim", "6332"), ("LIN", "Линёво", "Linyovo", "6332"))),
    ("KUI", "Куйбышевский район", "Kuybyshevsky District", "6323", (("KUI", "Куйбышев", "Kuybyshev", "6323"),)),
)  # fmt: skip
_STREETS = (
    "ул. Ленина", "ул. Мира", "Советская ул.", "Школьная ул.", "Садовая ул.", "ул. Гагарина", "Молодёжная ул.",
    "ул. Кирова", "Набережная ул.", "ул. Победы", "Октябрьская ул.", "ул. Чехова", "Строителей пр.", "Зелёная ул.",
    "ул. Пушкина", "Лесная ул.", "ул. Калинина", "Первомайская ул.", "Комсомольская ул.", "Заводская ул.",
)  # fmt: skip
_CITY_STREETS = {
    "PRM": ("Комендантский пр.", "ул. Савушкина", "Богатырский пр.", "пр. Королёва", "Планерная ул.", "Школьная ул."),
    "VYB": ("пр. Просвещения", "пр. Энгельса", "Светлановский пр.", "ул. Асафьева", "пр. Луначарского"),
    "NEV": ("пр. Большевиков", "Искровский пр.", "ул. Дыбенко", "Ивановская ул.", "ул. Бабушкина"),
    "VAS": ("Средний пр. В. О.", "Наличная ул.", "ул. Кораблестроителей", "Большой пр. В. О.", "7-я линия В. О."),
    "MSK": ("Московский пр.", "Ленинский пр.", "ул. Типанова", "пр. Юрия Гагарина", "Варшавская ул."),
    "EKA": ("ул. Малышева", "ул. Белинского", "пр. Ленина", "ул. 8 Марта", "ул. Шейнкмана", "ул. Викулова"),
    "NOV": ("Красный пр.", "ул. Гоголя", "ул. Бориса Богаткова", "пр. Карла Маркса", "ул. Титова", "Морской пр."),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where people live: an area without areas below it, with what an address there is made of."""

    area_id: int
    locality: str
    postal: str
    streets: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """One of the operator's regions: its numbers begin with these digits, its clocks show this time."""

    code: str
    area: Area
    digits: str
    mobile: str
    landline: str
    zone: ZoneInfo
    share: float
    places: tuple[Place, ...]


def create_geography(*, by: User, at: datetime) -> dict[str, Region]:
    """Create the tree of areas; return the regions by code."""
    country = create_area(
        kind=Area.Kind.COUNTRY, code="RU", name="Россия", name_en="Russia", parent=None, time_zone="Europe/Moscow",
        by=by, at=at,
    )  # fmt: skip
    plan = (
        ("SPE", "Санкт-Петербург", "Saint Petersburg", "Europe/Moscow", "78", "921", "812", 0.5, _PETERSBURG),
        ("SVE", "Свердловская область", "Sverdlovsk Oblast", "Asia/Yekaterinburg", "66", "922", "343", 0.28,
         _SVERDLOVSK),
        ("NVS", "Новосибирская область", "Novosibirsk Oblast", "Asia/Novosibirsk", "54", "923", "383", 0.22,
         _NOVOSIBIRSK),
    )  # fmt: skip
    regions = {}
    for code, name, name_en, zone, digits, mobile, landline, share, districts in plan:
        area = create_area(
            kind=Area.Kind.REGION, code=f"RU-{code}", name=name, name_en=name_en, parent=country, time_zone=zone,
            by=by, at=at,
        )  # fmt: skip
        places = tuple(
            place for district in districts for place in _create_district(area, code, name, district, by, at)
        )
        regions[code] = Region(code, area, digits, mobile, landline, ZoneInfo(zone), share, places)
    return regions


def _create_district(region: Area, region_code: str, city: str, plan: _District, by: User, at: datetime) -> list[Place]:
    code, name, name_en, postal, towns = plan
    district = create_area(
        kind=Area.Kind.DISTRICT, code=f"RU-{region_code}-{code}", name=name, name_en=name_en, parent=region,
        is_service_area=True, by=by, at=at,
    )  # fmt: skip
    if not towns:
        return [Place(district.pk, city, postal, _CITY_STREETS.get(code, _STREETS))]
    places = []
    for town_code, town_name, town_en, town_postal in towns:
        town = create_area(
            kind=Area.Kind.TOWN, code=f"RU-{region_code}-{code}-{town_code}", name=town_name, name_en=town_en,
            parent=district, by=by, at=at,
        )  # fmt: skip
        places.append(Place(town.pk, town_name, town_postal, _CITY_STREETS.get(town_code, _STREETS)))
    return places


def pick_region(rng: Random, regions: dict[str, Region]) -> Region:
    """Return a region as often as the operator has customers there."""
    return rng.choices(list(regions.values()), [region.share for region in regions.values()])[0]


def pick_place(rng: Random, region: Region) -> Place:
    """Return a place of the region; the first ones are the larger."""
    return region.places[min(int(rng.random() ** 1.5 * len(region.places)), len(region.places) - 1)]
