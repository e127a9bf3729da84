-- Every stretch of versions in which a content stood, of all keys but those that the version at hand holds and
-- that never changed at all. Version 0 is the built-in starter list: it holds none of these contents.
select key, entry_id, from_version, until_version
from list_span
where list_id = %(list_id)s and not (from_version = 1 and until_version is null and %(version)s > 0)
