select version from list_version where list_id = %(list_id)s order by version;
