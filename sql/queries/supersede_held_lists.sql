-- Whatever was held before this version has been overtaken by it.
update list_held
set state = 'superseded', settled_at = now()
where list_id = %(list_id)s and version < %(version)s and state = 'held';
