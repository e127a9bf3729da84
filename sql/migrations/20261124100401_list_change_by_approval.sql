-- migrate:up

-- A version comes into service by the second approval too, which is a change of the list like any other.
alter table list_attempt drop constraint list_attempt_trigger_check;
alter table list_attempt
    add constraint list_attempt_trigger_check check (trigger in ('schedule', 'command', 'import', 'approval'));

-- migrate:down

delete from list_attempt where trigger = 'approval';
alter table list_attempt drop constraint list_attempt_trigger_check;
alter table list_attempt
    add constraint list_attempt_trigger_check check (trigger in ('schedule', 'command', 'import'));
