select coalesce(files -> 'canaries', '{}'::jsonb)
from list_version
where list_id = %(list_id)s and version = %(version)s;
