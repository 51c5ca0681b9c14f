"""The functions that the SQL door knows. What is not named here cannot be called.

None of them reads a file, a setting, the catalogue or the network, runs SQL out of a text, sleeps,
or raises an error of the caller's own making (which would carry values out of rows that the
caller's query filters away).
"""

from __future__ import annotations

from typing import Final

_AGGREGATE: Final = """
any_value approx_count_distinct approx_quantile arg_max arg_min array_agg avg bit_and bit_or bit_xor
bool_and bool_or corr count count_if countif covar_pop covar_samp entropy first geomean grouping
group_concat histogram kurtosis last list listagg mad max max_by mean median min min_by mode product
quantile quantile_cont quantile_disc percentile_cont percentile_disc regr_avgx regr_avgy regr_count
regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy skewness stddev stddev_pop stddev_samp
string_agg sum var_pop var_samp variance
"""
_WINDOW: Final = """
cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
"""
_TEXT: Final = """
ascii bar chr concat concat_ws contains ends_with format hash instr jaccard jaro_similarity
jaro_winkler_similarity left length char_length character_length levenshtein editdist3 lower lcase
lpad ltrim md5 ord position prefix regexp_extract regexp_extract_all regexp_full_match regexp_matches
regexp_replace regexp_split_to_array repeat replace reverse right rpad rtrim sha256 split split_part
starts_with str_split string_split string_to_array strip_accents strlen strpos substr substring suffix
translate trim ucase unicode upper
"""
_NUMBERS: Final = """
abs acos asin atan atan2 cbrt ceil ceiling cos cot degrees even exp factorial floor gamma gcd greatest
isfinite isinf isnan lcm least lgamma ln log log10 log2 mod nextafter pi pow power radians random round
sign sin sqrt tan trunc width_bucket
"""
_DATES: Final = """
age century current_date current_timestamp date_add date_diff date_part date_sub date_trunc datediff
datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear decade epoch epoch_ms extract hour
isodow isoyear last_day make_date make_time make_timestamp microsecond millennium millisecond minute
month monthname now quarter second strftime strptime time_bucket today to_days to_hours to_minutes
to_months to_seconds to_timestamp to_weeks to_years try_strptime week weekday weekofyear year yearweek
"""
_OTHERS: Final = """
array_length cardinality coalesce flatten generate_series if ifnull len list_aggregate list_avg list_concat
list_contains list_count list_distinct list_filter list_has list_max list_min list_position list_reverse
list_slice list_sort list_sum list_transform list_unique list_value list_zip map nullif range
struct_extract struct_pack typeof unnest element_at map_keys map_values json_extract json_extract_string
json_array_length json_valid nvl row
"""
FUNCTIONS: Final = frozenset(
    f"{_AGGREGATE} {_WINDOW} {_TEXT} {_NUMBERS} {_DATES} {_OTHERS}".split()
)
