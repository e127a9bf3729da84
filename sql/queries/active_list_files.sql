select list_version.files
from list_active
join list_version using (list_id, version)
where list_id = %(list_id)s;
