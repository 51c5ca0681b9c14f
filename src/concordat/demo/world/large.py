"""The large tables, in SQL: each value is a hash of its row's number, so that none is stored.

`pick(i, n, size)` is a number below `size`, `one_of(i, n, list)` an item of a list: always the same
for the same row, `n` telling the columns of a row apart. The oddities are those of real files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

_PLACES: Final = """['Ynys Môn', 'Rhondda Cynon Taf', 'Stoke-on-Trent', 'King''s Lynn and West Norfolk',
    'St Albans', 'Kingston upon Hull, City of', 'Herefordshire, County of', 'Na h-Eileanan Siar',
    'Leeds', 'leeds ', 'Cornwall', 'Powys', 'Sir y Fflint / Flintshire', 'Derry City and Strabane']"""

_CLAIMS: Final = f"""
    'UC' || lpad(CAST(i AS VARCHAR), 9, '0') AS claim_id,
    one_of(i, 2, ['Universal Credit', 'Universal Credit', 'Universal Credit', 'Pension Credit',
        'Carer''s Allowance', 'Personal Independence Payment', 'ESA', 'Universal Credit ']) AS benefit,
    as_written(i, 3, day(i, 3, 2400)) AS claimed_on,
    CASE WHEN pick(i, 4, 20) = 0 THEN NULL ELSE day(i, 3, 2400) + pick(i, 5, 70) END AS decided_on,
    'E' || lpad(CAST(6000000 + pick(i, 6, 317) AS VARCHAR), 8, '0') AS area_code,
    one_of(i, 7, {_PLACES}) AS local_authority,
    one_of(i, 8, ['16-24', '25-34', '35-44', '45-54', '55-64', '65+', 'n/a', '']) AS age_band,
    one_of(i, 9, ['Awarded', 'Awarded', 'Awarded', 'Disallowed', 'Withdrawn', 'AWARDED', NULL]) AS outcome,
    CASE pick(i, 10, 60) WHEN 0 THEN NULL WHEN 1 THEN -pick(i, 11, 9000) / 100.0
        ELSE pick(i, 11, 45000) / 100.0 END AS weekly_award,
    CASE WHEN pick(i, 12, 12) = 0 THEN CAST(1 + pick(i, 13, 4) AS BIGINT) ELSE 0 END AS sanctions,
    CASE WHEN pick(i, 14, 30) = 0 THEN 'Cymraeg' ELSE 'English' END AS language,
    CASE WHEN pick(i, 15, 80) = 0 THEN 'SC' || lpad(CAST(pick(i, 16, 99999) AS VARCHAR), 5, '0') END
        AS appeal_reference"""

_TRAFFIC: Final = f"""
    CAST(900000 + pick(i // 12, 2, 4200) AS BIGINT) AS count_point_id,
    one_of(i // 12, 3, ['M4', 'A470', 'A55', 'B4391', 'A1(M)', 'M62', 'A38 ', 'U']) AS road_name,
    one_of(i // 12, 4, {_PLACES}) AS local_authority,
    day(i // 12, 5, 2200) AS count_date,
    CAST(7 + i % 12 AS BIGINT) AS hour,
    one_of(i // 12, 6, ['N', 'E', 'S', 'W', 'C']) AS direction,
    CAST(pick(i, 7, 14) AS BIGINT) AS pedal_cycles,
    CAST(pick(i, 8, 20) AS BIGINT) AS two_wheeled_motor_vehicles,
    CASE WHEN pick(i, 9, 300) = 0 THEN NULL ELSE CAST(40 + pick(i, 10, 1800) AS BIGINT) END
        AS cars_and_taxis,
    CAST(pick(i, 11, 12) AS BIGINT) AS buses_and_coaches,
    CAST(5 + pick(i, 12, 320) AS BIGINT) AS light_goods_vehicles,
    CASE WHEN pick(i, 13, 200) = 0 THEN -999 ELSE CAST(pick(i, 14, 160) AS BIGINT) END
        AS heavy_goods_vehicles,
    one_of(i // 12, 15, ['Counted', 'Counted', 'Estimated', 'estimated', '']) AS method,
    CASE WHEN pick(i // 12, 16, 40) = 0 THEN 'Road works; count repeated' END AS note"""

_TESTS: Final = """
    CAST(700000000 + i AS BIGINT) AS test_id,
    one_of(i, 2, ['4', '4', '4', '4', '7', '1', '2', 'IV']) AS vehicle_class,
    day(i, 3, 2000) AS test_date,
    CASE WHEN pick(i, 4, 10) < 6 THEN 'P' WHEN pick(i, 4, 10) < 9 THEN 'F'
        ELSE one_of(i, 5, ['PRS', 'ABA', 'ABR']) END AS result,
    CASE pick(i, 6, 90) WHEN 0 THEN NULL WHEN 1 THEN 999999 WHEN 2 THEN 0
        ELSE CAST(1200 + pick(i, 7, 168000) AS BIGINT) END AS odometer,
    one_of(i, 8, ['mi', 'mi', 'mi', 'mi', 'km', '']) AS odometer_unit,
    one_of(i, 9, ['FORD', 'VAUXHALL', 'CITROËN', 'CITROEN', 'ŠKODA', 'SKODA ', 'TOYOTA', 'Ford'])
        AS make,
    one_of(i, 10, ['PE', 'PE', 'DI', 'HY', 'EL', 'n/a']) AS fuel,
    as_written(i, 11, DATE '2001-03-01' + pick(i, 11, 7200)) AS first_used,
    one_of(i, 12, ['CF', 'LL', 'LS', 'B', 'EX', 'NE', 'ZZ']) AS postcode_area,
    CASE WHEN pick(i, 4, 10) BETWEEN 6 AND 8 THEN
        one_of(i, 13, ['Tyre tread below 1.6 mm', 'Headlamp aim too high', 'Brake imbalance',
            'Suspension arm worn', 'Exhaust emissions']) || CASE WHEN pick(i, 14, 3) = 0
            THEN '; ' || one_of(i, 15, ['Wiper blade torn', 'Number plate lamp', 'Seat belt frayed'])
            ELSE '' END END AS failure_reasons,
    CASE WHEN pick(i, 16, 150) = 0 THEN 'Appeal upheld' END AS appeal"""

_AIR: Final = """
    'UKA' || lpad(CAST(100 + CAST(i // 5 % 8 AS INTEGER) AS VARCHAR), 5, '0') AS station_code,
    ['Cwmbrân Croesyceiliog', 'Hafod-yr-Ynys Roadside', 'Leeds Centre', 'Stanford-le-Hope',
        'Glasgow Kerbside ', 'London N. Kensington', 'Derry Rosemount', 'Port Talbot Margam']
        [1 + CAST(i // 5 % 8 AS INTEGER)] AS station_name,
    TIMESTAMP '2022-01-01' + to_hours(CAST(i // 40 AS BIGINT)) AS measured_at,
    ['NO2', 'O3', 'PM10', 'PM2.5', 'SO2'][1 + CAST(i % 5 AS INTEGER)] AS pollutant,
    CASE pick(i, 4, 40) WHEN 0 THEN NULL WHEN 1 THEN -pick(i, 5, 30) / 10.0
        ELSE pick(i, 6, 900) / 10.0 END AS reading,
    one_of(i, 7, ['µg/m³', 'µg/m³', 'µg/m³', 'ug/m3']) AS unit,
    one_of(i, 8, ['R', 'R', 'R', 'P', 'P*', 'n/a']) AS status,
    CASE WHEN pick(i // 5, 9, 120) = 0 THEN 'Calibration' END AS instrument_note"""

_WEATHER: Final = """
    lpad(CAST(3 + 97 * CAST(i % 8 AS INTEGER) AS VARCHAR), 5, '0') AS station_id,
    ['Aberporth', 'Mona, Ynys Môn', 'Trawsgoed', 'Stornoway', 'Heathrow', 'Camborne ', 'Eskdalemuir',
        'Ballykelly'][1 + CAST(i % 8 AS INTEGER)] AS station_name,
    TIMESTAMP '2023-01-01' + to_hours(CAST(i // 8 AS BIGINT)) AS observed_at,
    CASE WHEN pick(i, 3, 70) = 0 THEN -999.0 ELSE pick(i, 4, 380) / 10.0 - 8 END AS air_temperature_c,
    CASE pick(i, 5, 12) WHEN 0 THEN 'tr' WHEN 1 THEN 'n/a' WHEN 2 THEN ''
        ELSE CAST(pick(i, 6, 80) / 10.0 AS VARCHAR) END AS rainfall_mm,
    CASE WHEN pick(i, 7, 50) = 0 THEN NULL ELSE CAST(pick(i, 8, 45) AS BIGINT) END AS wind_speed_knots,
    CAST(10 * pick(i, 9, 37) AS BIGINT) AS wind_direction_degrees,
    CASE WHEN pick(i, 10, 60) = 0 THEN -999.0 ELSE 960 + pick(i, 11, 800) / 10.0 END AS pressure_hpa,
    CAST(100 * pick(i, 12, 700) AS BIGINT) AS visibility_m,
    CAST(pick(i, 13, 10) AS BIGINT) AS cloud_oktas,
    CASE WHEN pick(i, 14, 60) = 0 THEN CAST(1 + pick(i, 15, 30) AS BIGINT) END AS snow_depth_cm"""

SQL: Final = {
    "claims": _CLAIMS,
    "traffic": _TRAFFIC,
    "tests": _TESTS,
    "air": _AIR,
    "weather": _WEATHER,
}

_MACROS: Final = """
CREATE MACRO pick(i, n, size) AS CAST(hash(i, n, {salt}) % size AS INTEGER);
CREATE MACRO one_of(i, n, items) AS items[1 + pick(i, n, len(items))];
CREATE MACRO day(i, n, days) AS DATE '2019-01-01' + pick(i, n, days);
CREATE MACRO as_written(i, n, day) AS CASE pick(i, n + 100, 30)
    WHEN 0 THEN strftime(day, '%d/%m/%Y') WHEN 1 THEN strftime(day, '%-d %b %Y')
    WHEN 2 THEN '' ELSE strftime(day, '%Y-%m-%d') END;
"""


def write_large(name: str, salt: int, path: Path, rows: int) -> Path:
    """Write `rows` rows of a table to a Parquet file; one row in four hundred repeats the last."""
    place = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute(_MACROS.format(salt=salt))
        connection.execute(
            f"""COPY (SELECT {SQL[name]} FROM (
                SELECT CASE WHEN i % 400 = 399 THEN i - 1 ELSE i END AS i FROM range({rows}) t(i)
            )) TO '{place}' (FORMAT parquet)"""
        )
    return path
