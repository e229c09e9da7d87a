"""What the sample operator sells, and what its rivals are called."""

from dataclasses import dataclass
from decimal import Decimal

from svyaz.services.models import ProductOffering

Kind = ProductOffering.Kind


@dataclass(frozen=True)
class Tariff:
    """A line of the catalogue; `weight` says how often customers of this sort have it."""

    code: str
    kind: str
    name: str
    name_en: str
    price: int
    weight: int = 10
    business: bool = False
    description: str = ""
    retired: bool = False
    parts: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Return the monthly price as money."""
        return Decimal(self.price)


TARIFFS: tuple[Tariff, ...] = (
    Tariff("mobile-start", Kind.MOBILE, "Мобильный «Старт»", "Mobile Start", 290, 16,
           description="300 минут, 5 ГБ, 100 сообщений в месяц."),
    Tariff("mobile-plus", Kind.MOBILE, "Мобильный «Плюс»", "Mobile Plus", 450, 22,
           description="600 минут, 20 ГБ, мессенджеры без расхода пакета."),
    Tariff("mobile-family", Kind.MOBILE, "Мобильный «Семья»", "Mobile Family", 630, 14,
           description="1 200 минут и 40 ГБ на два номера."),
    Tariff("mobile-unlimited", Kind.MOBILE, "Мобильный «Без границ»", "Mobile Unlimited", 890, 8,
           description="2 000 минут, безлимитный интернет."),
    Tariff("mobile-senior", Kind.MOBILE, "Мобильный «Забота»", "Mobile Care", 190, 8,
           description="Звонки внутри сети бесплатно, 2 ГБ; для людей старшего возраста."),
    Tariff("mobile-2015", Kind.MOBILE, "Мобильный «Разговорный»", "Mobile Talk", 250, 6, retired=True,
           description="Архивный тариф: поминутная оплата, 1 ГБ."),
    Tariff("internet-100", Kind.INTERNET, "Домашний 100", "Home 100", 450, 16, description="До 100 Мбит/с."),
    Tariff("internet-300", Kind.INTERNET, "Домашний 300", "Home 300", 550, 16, description="До 300 Мбит/с."),
    Tariff("internet-500", Kind.INTERNET, "Домашний 500", "Home 500", 650, 10, description="До 500 Мбит/с."),
    Tariff("internet-1000", Kind.INTERNET, "Домашний 1000", "Home 1000", 900, 3, description="До 1 Гбит/с."),
    Tariff("tv-60", Kind.TV, "ТВ 60 каналов", "TV 60 channels", 120, 8),
    Tariff("tv-120", Kind.TV, "ТВ 120 каналов", "TV 120 channels", 200, 10),
    Tariff("tv-cinema", Kind.TV, "ТВ «Кинозал»", "TV Cinema", 390, 4),
    Tariff("voice-home", Kind.FIXED_VOICE, "Домашний телефон", "Home telephone", 260, 10),
    Tariff("vas-static-ip", Kind.VAS, "Постоянный IP-адрес", "Static IP address", 150, 3),
    Tariff("vas-antivirus", Kind.VAS, "Антивирус", "Antivirus", 99, 6),
    Tariff("vas-music", Kind.VAS, "Музыка без расхода", "Music without counting", 90, 6),
    Tariff("vas-caller-id", Kind.VAS, "Защита от мошенников", "Fraud protection", 60, 8),
    Tariff("vas-parental", Kind.VAS, "Родительский контроль", "Parental control", 80, 4),
    Tariff("vas-roaming", Kind.VAS, "Как дома в поездке", "Roam like home", 240, 3),
    Tariff("router-rent", Kind.EQUIPMENT, "Роутер в аренду", "Router for rent", 100, 10),
    Tariff("settop-rent", Kind.EQUIPMENT, "ТВ-приставка в аренду", "Set-top box for rent", 110, 7),
    Tariff("bundle-home", Kind.BUNDLE, "Всё для дома", "All for home", 790, 10, parts=("internet-300", "tv-120"),
           description="Домашний 300 и ТВ 120 каналов."),
    Tariff("bundle-all", Kind.BUNDLE, "Всё вместе", "All together", 1190, 6,
           parts=("internet-500", "tv-120", "mobile-family"), description="Интернет, ТВ и связь на два номера."),
    Tariff("b2b-internet-200", Kind.INTERNET, "Бизнес-интернет 200", "Business Internet 200", 2900, 14, business=True),
    Tariff("b2b-internet-500", Kind.INTERNET, "Бизнес-интернет 500", "Business Internet 500", 4900, 8, business=True),
    Tariff("b2b-leased-line", Kind.INTERNET, "Выделенный канал 1 Гбит/с", "Leased line 1 Gbit/s", 38000, 2,
           business=True, description="Канал точка — точка с гарантией доступности 99,9 %."),
    Tariff("b2b-pbx", Kind.FIXED_VOICE, "Виртуальная АТС", "Virtual PBX", 1900, 12, business=True),
    Tariff("b2b-trunk", Kind.FIXED_VOICE, "SIP-линия, 10 каналов", "SIP trunk, 10 channels", 3200, 5, business=True),
    Tariff("b2b-mobile", Kind.MOBILE, "Корпоративный «Команда»", "Corporate Team", 390, 14, business=True),
    Tariff("b2b-tv", Kind.TV, "ТВ для гостиниц", "TV for hotels", 2400, 1, business=True),
    Tariff("b2b-800", Kind.VAS, "Номер 8-800", "Toll-free number", 1500, 3, business=True),
    Tariff("b2b-ddos", Kind.VAS, "Защита от атак", "DDoS protection", 5900, 2, business=True),
    Tariff("iot-meter", Kind.IOT, "Умный счётчик", "Smart meter", 45, 6, business=True),
    Tariff("iot-fleet", Kind.IOT, "Транспорт под контролем", "Fleet monitoring", 160, 4, business=True),
)  # fmt: skip

BY_CODE: dict[str, Tariff] = {tariff.code: tariff for tariff in TARIFFS}

# Name, tax region, whether it works in all regions, and what it likes to give as a present.
RIVALS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("АО «Ромашка-Телеком»", "Ромашка-Телеком", "78", ("SPE", "SVE")),
    ("ПАО «Полюс Мобайл»", "Полюс Мобайл", "77", ("SPE", "SVE", "NVS")),
    ("ООО «ГородНет»", "ГородНет", "78", ("SPE",)),
    ("АО «Уральские Сети»", "Уральские Сети", "66", ("SVE",)),
    ("ООО «Сибирский Свет»", "Сибирский Свет", "54", ("NVS",)),
)


def tariffs(kind: str, *, business: bool) -> list[Tariff]:
    """Return the tariffs of a kind that people or companies may have."""
    return [tariff for tariff in TARIFFS if tariff.kind == kind and tariff.business == business]
