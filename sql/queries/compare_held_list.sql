update list_held
set against = %(against)s, reasons = %(reasons)s::jsonb
where list_id = %(list_id)s and version = %(version)s and state = 'held';
