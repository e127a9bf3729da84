-- migrate:up

-- Erasure of personal data: who asked, who approved, which screenings, and what stays of them. Nothing here is
-- personal data of the persons screened; "by" columns hold the kind and id of an account, a key or a job.

create table erasure (
    id uuid primary key,
    ground text not null check (ground <> ''),
    case_reference text check (case_reference <> ''),
    whole boolean not null,
    requested_by text not null check (requested_by <> ''),
    requested_account uuid,
    requested_at timestamptz not null default now(),
    state text not null default 'requested' check (state in ('requested', 'refused', 'done')),
    settled_at timestamptz,
    settled_by text,
    entry_id uuid
);

comment on column erasure.whole is 'refused unless all of it may be erased; false: what may be is, the rest is named';
comment on column erasure.requested_account is 'the person who asked; null for a program, which counts as nobody';
comment on column erasure.entry_id is 'the audit entry of what was erased';

create table erasure_item (
    erasure_id uuid not null references erasure (id),
    screening_id uuid not null,
    state text not null default 'waiting' check (state in ('waiting', 'erased', 'kept')),
    class text,
    basis text,
    keep_until date,
    primary key (erasure_id, screening_id)
);

comment on column erasure_item.class is 'the retention class that decided, as service/retention.toml names it';
comment on column erasure_item.basis is 'the rule that this class rests on, in the words of that day';

create index erasure_item_screening_idx on erasure_item (screening_id);

create table erasure_approval (
    erasure_id uuid not null references erasure (id),
    account_id uuid not null,
    approved_by text not null check (approved_by <> ''),
    at timestamptz not null default now(),
    primary key (erasure_id, account_id)
);

-- What is still answered for a screening whose personal data are gone.
create table screening_erased (
    screening_id uuid primary key references screening (id),
    erasure_id uuid not null,
    erased_at timestamptz not null,
    answer bytea not null
);

-- A subject is found by the reference that the caller gave.
create index screening_reference_idx on screening (reference) where reference is not null;

-- Fingerprints were digests of whole requests without a secret, so a guess at a person's data could be checked
-- against them. They are keyed from now on; those of the last day are forgotten.
delete from idempotency;

create index idempotency_screening_idx on idempotency (screening_id);

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select on erasure, erasure_item, erasure_approval, screening_erased to hirescreen_app;
        -- by column: what was erased is said by the eraser alone
        grant insert (id, ground, case_reference, whole, requested_by, requested_account) on erasure to hirescreen_app;
        grant insert (erasure_id, screening_id, class, basis, keep_until) on erasure_item to hirescreen_app;
    end if;

    if exists (select from pg_roles where rolname = 'hirescreen_eraser') then
        grant select, insert on erasure, erasure_item, erasure_approval, screening_erased to hirescreen_eraser;
        grant update (state, settled_at, settled_by, entry_id) on erasure to hirescreen_eraser;
        grant update (state, class, basis, keep_until) on erasure_item to hirescreen_eraser;
        grant update (reference) on screening to hirescreen_eraser;
        grant select, delete on idempotency to hirescreen_eraser;
        grant insert (entry_id, leaf) on audit_entry to hirescreen_eraser;
        grant select (id, role, disabled_at) on account to hirescreen_eraser;
    end if;
end
$$;

-- migrate:down

drop index idempotency_screening_idx;
drop index screening_reference_idx;
drop table screening_erased;
drop table erasure_approval;
drop table erasure_item;
drop table erasure;

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_eraser') then
        revoke update (reference) on screening from hirescreen_eraser;
        revoke select, delete on idempotency from hirescreen_eraser;
        revoke insert (entry_id, leaf) on audit_entry from hirescreen_eraser;
        revoke select (id, role, disabled_at) on account from hirescreen_eraser;
    end if;
end
$$;
