-- Everything personal that a screening left behind, in one statement: the request and the answer, the disclosures
-- of its audit entry, the caller's reference, and the claims on Idempotency-Keys. What is left of the answer stays.
with target as (
    select * from unnest(%(screenings)s::uuid[], %(answers)s::bytea[]) as item (screening_id, answer)
), entry as (
    select audit_entry.id
    from target
    join screening on screening.id = target.screening_id
    join audit_entry on audit_entry.entry_id = screening.audit_entry_id
    union
    select audit_entry.id
    from target
    join disposition on disposition.screening_id = target.screening_id
    join audit_entry on audit_entry.entry_id = disposition.entry_id
), disclosed as (
    delete from audit_private where id in (select id from entry) returning id
), private as (
    delete from screening_private where screening_id in (select screening_id from target) returning screening_id
), claim as (
    delete from idempotency where screening_id in (select screening_id from target) returning screening_id
), named as (
    update screening set reference = null
    where id in (select screening_id from target) and reference is not null
    returning id
), left_over as (
    insert into screening_erased (screening_id, erasure_id, erased_at, answer)
    select screening_id, %(erasure_id)s, %(erased_at)s, answer from target where answer is not null
    on conflict (screening_id) do nothing
)
select
    (select count(*) from disclosed) + (select count(*) from private) + (select count(*) from claim)
    + (select count(*) from named);
