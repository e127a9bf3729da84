select from_version, until_version
from list_span
where list_id = %(list_id)s and key = %(key)s
order by from_version;
