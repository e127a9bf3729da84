-- For this transaction only.
select
    set_config('statement_timeout', %(seconds)s, true),
    set_config('lock_timeout', %(seconds)s, true),
    set_config('idle_in_transaction_session_timeout', %(seconds)s, true);
