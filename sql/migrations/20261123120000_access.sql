-- migrate:up

-- Who may ask: API keys of programs, local accounts of people, and the sessions of those accounts.

create table api_key (
    id uuid primary key,
    name text not null check (name <> ''),
    role text not null check (role <> ''),
    key_hash bytea not null unique check (octet_length(key_hash) = 32),
    last4 text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);

comment on column api_key.key_hash is 'SHA-256 of the whole key; the key itself is shown once and never stored';

create table account (
    id uuid primary key,
    username text not null check (username <> ''),
    role text not null check (role <> ''),
    password_hash text not null,
    created_at timestamptz not null default now(),
    disabled_at timestamptz
);

create unique index account_username_key on account (lower(username));

create table session (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    account_id uuid not null references account (id),
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create index session_expires_at_idx on session (expires_at);

-- migrate:down

drop table session;
drop table account;
drop table api_key;
