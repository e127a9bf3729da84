-- Keep an engine with the versions it runs with; with the audit entry where another one was in force before.
with kept as (
    insert into engine (sha256, version, rulebook_version, rulebook_sha256, archive)
    values (%(sha256)s, %(version)s, %(rulebook_version)s, %(rulebook_sha256)s, %(archive)s)
    on conflict do nothing
), runtime as (
    insert into engine_runtime (sha256, versions)
    values (%(runtime_sha256)s, %(runtime)s::jsonb)
    on conflict do nothing
), changed as (
    insert into in_force (kind, digest) values ('engine', %(sha256)s || ':' || %(runtime_sha256)s)
    on conflict (kind) do update set digest = excluded.digest, since = now()
    where in_force.digest <> excluded.digest
    returning 1
), entry as (
    insert into audit_entry (entry_id, leaf) select %(entry_id)s::uuid, %(leaf)s::bytea from changed
    returning 1
)
select exists (select from entry);
