insert into list_held (list_id, version, against, reasons, entries_digest, proposed_by)
values (
    %(list_id)s, %(version)s, %(against)s, %(reasons)s::jsonb, %(entries_digest)s, %(proposed_by)s
);
