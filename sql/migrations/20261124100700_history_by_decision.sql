-- migrate:up

-- The pages of one decision, also where it is rare. An id begins with its time, so the index grows at its ends.
create index screening_decision_idx on screening (decision, id);

-- migrate:down

drop index screening_decision_idx;
