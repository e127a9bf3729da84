-- Keep a policy; with the audit entry where another one was in force before.
with kept as (
    insert into policy (sha256, stated) values (%(sha256)s, %(stated)s::jsonb) on conflict do nothing
), changed as (
    insert into in_force (kind, digest) values ('policy', %(sha256)s)
    on conflict (kind) do update set digest = excluded.digest, since = now()
    where in_force.digest <> excluded.digest
    returning 1
), entry as (
    insert into audit_entry (entry_id, leaf) select %(entry_id)s::uuid, %(leaf)s::bytea from changed
    returning 1
)
select exists (select from entry);
