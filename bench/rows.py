"""The rows of a base, as statements that the server fills its tables with; every number follows from the row's own.

`h(i, s)` in a statement stands for a number that is random to the eye and the same at every build. Contacts, bills
and events lie in the order of time, as they came in, not customer by customer: reading one customer's means reading
many pages, as in a base that grew for years.
"""

import re
from typing import NamedTuple

HEAVY = 7
HEAVY_PRODUCTS = 20_000
HEAVY_CONTACTS = 100_000
REGIONS, DISTRICTS = 3, 5
EMPLOYEES, DEPARTMENTS, TOPICS, OFFERINGS, COMPETITORS = 60, 6, 12, 24, 5
BILL_MONTHS = 24
USAGE_MONTHS = 12
# Phone numbers run from +7921 0000000 on, one customer's far from the next one's: 10^8 numbers, each met once.
PHONE_BASE, PHONE_STEP, PHONE_SPACE = 79_210_000_000, 387_420_489, 100_000_000


class Statement(NamedTuple):
    """What fills a table; those of one stage do not need each other."""

    table: str
    text: str
    stage: int = 1


def statements(customers: int, bills_every: int) -> list[Statement]:
    """Return what fills the tables of a base, beside the parties themselves, whose names are drawn here."""
    values = {
        "n": customers, "every": bills_every, "heavy": HEAVY, "products": HEAVY_PRODUCTS, "contacts": HEAVY_CONTACTS,
        "months": BILL_MONTHS, "usage": USAGE_MONTHS, "employees": EMPLOYEES, "departments": DEPARTMENTS,
        "topics": TOPICS,
        "offerings": OFFERINGS, "competitors": COMPETITORS, "districts": DISTRICTS, "regions": REGIONS,
        "areas": REGIONS * DISTRICTS, "phone": phone_sql("i"),
    }  # fmt: skip
    return [
        Statement(name.split(":")[0], _with_hashes(text.format(**values)), stage)
        for name, (stage, text) in {**SMALL, **CUSTOMERS, **MONEY, **CONTACTS}.items()
    ]


def phone_sql(number: str) -> str:
    """Return SQL of a customer's mobile number."""
    return f"'+' || ({PHONE_BASE} + ({number}::bigint * {PHONE_STEP}) % {PHONE_SPACE})"


def phone(number: int) -> str:
    """Return a customer's mobile number."""
    return f"+{PHONE_BASE + number * PHONE_STEP % PHONE_SPACE}"


def customer_number(number: int) -> str:
    """Return a customer's number."""
    return f"C-{number:08d}"


def _with_hashes(text: str) -> str:
    return re.sub(r"\bh\(([^(),]+), (\d+)\)", r"(hashint8extended((\1)::bigint, \2) & 2147483647)", text)


SMALL = {
    "places_area": (1, """
        SELECT 1 AS id, 'country' AS kind, NULL::bigint AS parent_id, '{{1}}'::bigint[] AS path, 'RU' AS code,
               'Россия' AS name, 'Russia' AS name_en, 'Europe/Moscow' AS time_zone, false AS is_service_area
        UNION ALL SELECT 1 + r, 'region', 1, ARRAY[1, 1 + r], 'RU-' || r, 'Область ' || r, '', 'Europe/Moscow', false
          FROM generate_series(1, {regions}) r
        UNION ALL SELECT 9 + (r - 1) * {districts} + d, 'district', 1 + r,
                         ARRAY[1, 1 + r, 9 + (r - 1) * {districts} + d], 'RU-' || r || '-' || d,
                         'Район ' || r || '.' || d, '', 'Europe/Moscow', true
          FROM generate_series(1, {regions}) r, generate_series(1, {districts}) d"""),
    "workforce_department": (1, """
        SELECT d AS id, 'department-' || d AS code, 'Отдел ' || d AS name, '' AS name_en,
               DATE '2015-01-01' AS valid_from
        FROM generate_series(1, {departments}) d"""),
    "workforce_employee": (1, """
        SELECT e AS id, 'E-' || e AS number, 'Сотрудник ' || e AS name, 'сотрудник ' || e AS name_key,
               1 + e % {departments} AS department_id, 'Специалист' AS position, DATE '2019-03-01' AS hired_date
        FROM generate_series(1, {employees}) e"""),
    "interactions_topic": (1, """
        SELECT t AS id, 'topic-' || t AS code, '' AS name_en, true AS is_active,
               (ARRAY['Счёт', 'Тариф', 'Авария', 'Скорость', 'Роуминг', 'Уход'])[1 + t % 6] || ' ' || t AS name
        FROM generate_series(1, {topics}) t"""),
    "services_productoffering": (1, """
        SELECT o AS id, 'offering-' || o AS code, kind, 'Тариф «' || kind || ' ' || o || '»' AS name, '' AS name_en,
               '' AS description, 300 + 50 * o AS price, 'RUB' AS currency, 'active' AS status
        FROM (SELECT o, (ARRAY['mobile', 'internet', 'tv', 'vas', 'fixed_voice', 'iot'])[1 + o % 6] AS kind
              FROM generate_series(1, {offerings}) o) AS offering"""),
    "decisions_decisionkind": (1, """
        SELECT k AS id, 'kind-' || k AS code, (ARRAY['Скидка', 'Перерасчёт', 'Отсрочка'])[k] AS name, '' AS name_en,
               '%' AS unit, 90 AS outcome_after_days, true AS is_active
        FROM generate_series(1, 3) k"""),
}  # fmt: skip

CUSTOMERS = {
    "parties_partyrole": (1, """
        SELECT i AS id, i AS party_id, 'customer' AS kind, 'C-' || lpad(i::text, 8, '0') AS number,
               CASE WHEN ended THEN 'closed' WHEN h(i, 2) % 30 = 0 THEN 'suspended' ELSE 'active' END AS status,
               (ARRAY['standard', 'standard', 'standard', 'silver', 'silver', 'gold', 'platinum'])[1 + h(i, 3) % 7]
                 AS tier,
               CURRENT_DATE - 400 - (h(i, 4) % 3000)::int AS valid_from,
               CASE WHEN ended THEN CURRENT_DATE - (h(i, 5) % 300)::int END AS valid_to, '' AS end_reason
        FROM (SELECT i, i <> {heavy} AND h(i, 1) % 15 = 0 AS ended FROM generate_series(1, {n}) i) AS customer
        UNION ALL SELECT {n} + c, {n} + c, 'competitor', '', 'active', '', DATE '2015-01-01', NULL, ''
        FROM generate_series(1, {competitors}) c"""),
    "parties_contactmedium": (1, """
        SELECT i AS party_id, 'mobile' AS kind, {phone} AS value, true AS is_preferred,
               CURRENT_DATE - 400 AS valid_from FROM generate_series(1, {n}) i
        UNION ALL SELECT i, 'email', 'abonent' || i || '@pochta.example', false, CURRENT_DATE - 400
        FROM generate_series(1, {n}) i"""),
    "places_address": (1, """
        SELECT i AS id, 10 + h(i, 6) % {areas} AS area_id, (190000 + h(i, 6) % 9999)::text AS postal_code,
               'Город ' || h(i, 6) % {areas} AS locality, 'улица ' || h(i, 7) % 900 AS street,
               (1 + h(i, 8) % 90)::text AS house, (1 + h(i, 9) % 300)::text AS flat, '' AS text
        FROM generate_series(1, {n}) i"""),
    "parties_addressuse": (1, """
        SELECT i AS party_id, i AS address_id, 'actual' AS role, CURRENT_DATE - 900 AS valid_from
        FROM generate_series(1, {n}) i"""),
    "parties_agreement": (1, """
        SELECT i AS id, i AS party_id, 'D-' || lpad(i::text, 8, '0') AS number, 'service' AS kind, '' AS term,
               '' AS signed_by, CURRENT_DATE - 400 - (h(i, 4) % 3000)::int AS valid_from
        FROM generate_series(1, {n}) i"""),
    "parties_consent": (1, """
        SELECT i AS party_id, 'marketing' AS purpose, '2024-1' AS text_version, 'web' AS channel, '' AS evidence,
               '' AS withdrawal_evidence, now() - interval '1 day' * (h(i, 10) % 900) AS given_at
        FROM generate_series(1, {n}) i WHERE h(i, 11) % 2 = 0"""),
    "parties_preference": (1, """
        SELECT i AS party_id, 'channel' AS kind, (ARRAY['phone', 'email', 'web'])[1 + h(i, 12) % 3] AS value,
               'stated' AS origin, '' AS source, CURRENT_DATE - (h(i, 13) % 900)::int AS since
        FROM generate_series(1, {n}) i WHERE h(i, 14) % 3 = 0"""),
    "parties_partyrelationship": (1, """
        SELECT i AS party_id, i + 1 AS other_id, 'contact_person' AS kind, 'Директор' AS title,
               'decides' AS decision_power, CURRENT_DATE - 500 AS valid_from
        FROM generate_series(1, {n} - 1) i WHERE i % 12 = 0"""),
    "services_product": (1, """
        SELECT i * 4 + j AS id, i AS party_id, 1 + h(i * 4 + j, 15) % {offerings} AS offering_id, i AS agreement_id,
               i AS address_id, 'active' AS status, 300 + h(i, 16) % 900 AS price, 'RUB' AS currency,
               '{{}}'::jsonb AS characteristics, CURRENT_DATE - (h(i, 17) % 2000)::int AS valid_from
        FROM generate_series(1, {n}) i, generate_series(0, 2) j WHERE j <= h(i, 18) % 3
        UNION ALL SELECT ({n} + 1) * 4 + j, {heavy}, 1 + h(j, 15) % {offerings}, {heavy}, {heavy}, 'active',
                         300 + h(j, 16) % 900, 'RUB', '{{}}'::jsonb, CURRENT_DATE - (h(j, 17) % 2000)::int
        FROM generate_series(1, {products}) j"""),
    "services_usage": (1, """
        SELECT i AS party_id, i * 4 + j AS product_id, m % 3 AS faults, 100 + h(i, 39) % 400 AS minutes,
               (date_trunc('month', CURRENT_DATE) - interval '1 month' * m)::date AS month, 7 * m AS messages,
               5000 + h(i * 12 + m, 40) % 90000 AS megabytes, 300 + h(i, 16) % 900 AS amount
        FROM generate_series({usage}, 1, -1) m, generate_series({every}, {n}, {every}) i, generate_series(0, 2) j
        WHERE j <= h(i, 18) % 3"""),
    "workforce_accountassignment": (1, """
        SELECT i AS party_id, 1 + i % {employees} AS employee_id, CURRENT_DATE - 200 AS valid_from
        FROM generate_series(12, {n}, 12) i"""),
    "services_numberassignment": (1, """
        SELECT {phone} AS number, i * 4 AS product_id, CURRENT_DATE - 900 AS valid_from, '' AS donor, '' AS recipient
        FROM generate_series(1, {n}) i"""),
}  # fmt: skip

MONEY = {
    "billing_billingaccount": (1, """
        SELECT i AS id, i AS party_id, i AS agreement_id, 'L-' || lpad(i::text, 9, '0') AS number, 'postpaid' AS kind,
               'active' AS status, 'RUB' AS currency, '{{}}'::jsonb AS characteristics, CURRENT_DATE - 900 AS valid_from
        FROM generate_series(1, {n}) i"""),
    "billing_accountproduct": (1, """
        SELECT i AS account_id, i * 4 + j AS product_id, CURRENT_DATE - 900 AS valid_from
        FROM generate_series(1, {n}) i, generate_series(0, 2) j WHERE j <= h(i, 18) % 3"""),
    # One customer in five has a bill unpaid, one in four pays late now and then.
    "billing_bill": (1, """
        SELECT i AS party_id, i AS account_id, 'B-' || i || '-' || m AS number, month, month + 31 AS issued_date,
               month + 51 AS due_date, amount, CASE WHEN open THEN 0 ELSE amount END AS paid_amount,
               CASE WHEN NOT open THEN month + 40 + CASE WHEN h(i, 20) % 4 = 0 THEN (h(x, 21) % 30)::int ELSE 0 END END
               AS paid_date, 'RUB' AS currency
        FROM (SELECT i, m, i * 24 + m AS x, 300 + h(i, 16) % 900 AS amount, m = 1 AND h(i, 19) % 5 = 0 AS open,
                     (date_trunc('month', CURRENT_DATE) - interval '1 month' * (m + 1))::date AS month
              FROM generate_series({months}, 1, -1) m, generate_series({every}, {n}, {every}) i) AS bill
        ORDER BY month"""),
    "billing_payment": (1, """
        SELECT i AS party_id, i AS account_id, 300 + h(i, 16) % 900 AS amount, 'RUB' AS currency, 'card' AS method,
               '' AS external_id, date_trunc('month', now()) - interval '1 month' * m + interval '9 days' AS paid_at
        FROM generate_series({months} / 2, 1, -1) m, generate_series({every}, {n}, {every}) i
        WHERE NOT (m = 1 AND h(i, 19) % 5 = 0) ORDER BY m DESC"""),
}  # fmt: skip

CONTACTS = {
    # The number of a customer's contacts falls as a power: most have two or three, a few have thousands, 5 on average.
    "interactions_interaction": (1, """
        SELECT party_id, (ARRAY['phone', 'phone', 'phone', 'email', 'web', 'meeting', 'post', 'fax'])[1 + h(x, 22) % 8]
                 AS channel,
               CASE WHEN h(x, 23) % 4 = 0 THEN 'outbound' ELSE 'inbound' END AS direction, at,
               'Обращение по теме ' || h(x, 24) % 40 AS subject,
               'Абонент спрашивает о начислениях и скорости доступа; разобрали, ответили, обращение № ' || x AS text,
               1 + h(x, 25) % {topics} AS topic_id,
               employee AS employee_id, 1 + employee % {departments} AS department_id,
               'Специалист' AS position, CASE WHEN h(x, 26) % 2 = 0 THEN 1 + h(x, 27) % {offerings} END AS offering_id,
               '' AS medium, '' AS source, '' AS external_id, at AS recorded_at
        FROM (SELECT party_id, x, 1 + h(x, 28) % {employees} AS employee,
                     now() - interval '1 minute' * (h(x, 29) % 1500000) AS at
              FROM (SELECT i AS party_id, i * 10000 + c AS x
                    FROM (SELECT i, least(3000, 2.05 * ((h(i, 30) + 1) / 2147483648.0) ^ -0.6 - 0.01)::int AS many
                          FROM generate_series(1::bigint, {n}) i) AS customer, generate_series(1, many) c
                    UNION ALL SELECT {heavy}, -c FROM generate_series(1::bigint, {contacts}) c) AS contact) AS drawn
        ORDER BY at"""),
    "history_event:parties": (1, """
        SELECT 'party.imported' AS kind, 'parties.party' AS subject_type, i AS subject_id, i AS party_id,
               now() - interval '1500 days' AS at, '{{}}'::jsonb AS details FROM generate_series(1, {n}) i"""),
    "history_event:contacts": (2, """
        SELECT 'interaction.recorded' AS kind, 'interactions.interaction' AS subject_type, id AS subject_id, party_id,
               at, jsonb_build_object('channel', channel) AS details FROM interactions_interaction ORDER BY id"""),
    # One customer in ten has a decision in force, made on his last contact, with two grounds and a promise.
    "decisions_decision": (2, """
        SELECT party_id AS id, party_id, last AS interaction_id, 'party' AS subject_type, party_id AS subject_id,
               1 + h(party_id, 31) % 3 AS kind_id, 'Как удержать?' AS question, 'Скидка 15 % на 6 месяцев' AS text,
               'discount' AS measure, '%' AS unit, 15 AS amount, employee AS maker_id,
               1 + employee % {departments} AS department_id, '' AS authority, 'in_force' AS state, made_at,
               made_at AS valid_from
        FROM (SELECT party_id, max(id) AS last, 1 + h(party_id, 32) % {employees} AS employee,
                     now() - interval '1 hour' * (1 + h(party_id, 33) % 1200) AS made_at
              FROM interactions_interaction WHERE party_id = {heavy} OR h(party_id, 34) % 10 = 0
              GROUP BY party_id) AS decided"""),
    "decisions_ground": (3, """
        SELECT id AS decision_id, party_id, 'interaction' AS fact, to_jsonb(text) AS value, 'Обращение' AS label,
               'interactions.interaction' AS reference_type, interaction_id AS reference_id, made_at AS read_at
        FROM decisions_decision
        UNION ALL SELECT id, party_id, 'bills_overdue', '2'::jsonb, 'Просрочено счетов: 2', '', NULL, made_at
        FROM decisions_decision"""),
    "decisions_promise": (3, """
        SELECT id AS decision_id, party_id, interaction_id, 'Подтвердить скидку письмом' AS what,
               maker_id AS employee_id,
               made_at, now() + interval '1 day' * (20 + h(id, 35) % 300) AS due_at FROM decisions_decision"""),
    "markets_competitoroffer": (1, """
        SELECT i AS party_id, {n} + 1 + h(i, 36) % {competitors} AS competitor_id, 'internet' AS service_kind,
               '500 Мбит/с' AS title, 450 AS price, 'RUB' AS currency, 12 AS months, '' AS terms, '' AS gift,
               CURRENT_DATE - (h(i, 37) % 200)::int AS heard_date, 'customer' AS source, 'medium' AS reliability,
               '' AS result
        FROM generate_series(1, {n}) i WHERE h(i, 38) % 10 = 0"""),
}  # fmt: skip
