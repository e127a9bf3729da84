-- The hot path: everything that one screening leaves behind, in one statement and so in one transaction.
-- With an Idempotency-Key it stores only where no transaction with that key is under way ("attempt") and
-- the key is new or older than a day ("claimed"). Arrays come as lines: the driver needs a third of its time
-- for this statement to write lists.
with attempt as materialized (
    select
        %(key)s::text is null
        or pg_try_advisory_xact_lock(hashtextextended(%(actor)s::text || E'\n' || %(key)s::text, 0)) as free
), claimed as (
    insert into idempotency (actor, key, fingerprint, screening_id)
    select %(actor)s::text, %(key)s::text, %(fingerprint)s::text, %(id)s::uuid
    from attempt
    where free and %(key)s::text is not null
    on conflict (actor, key) do update
        set fingerprint = excluded.fingerprint, screening_id = excluded.screening_id, created_at = now()
        where idempotency.created_at < now() - interval '24 hours'
    returning 1
), allowed as materialized (
    select from attempt where free and (%(key)s::text is null or exists (select from claimed))
), entry as (
    insert into audit_entry (entry_id, leaf)
    select %(entry_id)s::uuid, %(leaf)s::bytea from allowed
    returning id
), disclosed as (
    insert into audit_private (id, disclosures)
    select id, string_to_array(%(disclosures)s::text, E'\n') from entry where %(disclosures)s::text <> ''
), screened as (
    insert into screening (
        id, audit_entry_id, tenant, actor, reference, decision, stage, as_of, decided_at, clauses, lists
    )
    select
        %(id)s::uuid, %(entry_id)s::uuid, %(tenant)s::text, %(actor)s::text, %(reference)s::text,
        %(decision)s::text, %(stage)s::text, %(as_of)s::text, %(decided_at)s::timestamptz,
        string_to_array(%(clauses)s::text, E'\n'), string_to_array(%(lists)s::text, E'\n')
    from allowed
), stored as (
    insert into screening_private (screening_id, request, answer)
    select %(id)s::uuid, %(request)s::bytea, %(answer)s::bytea from allowed
)
select free, exists (select from entry) from attempt;
