-- What is kept beside a version, held ones included: its files by role, with name, digest, size and address.
select files from list_version where list_id = %(list_id)s and version = %(version)s;
