CREATE TABLE tickets (
  number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_key  text NOT NULL UNIQUE,
  asked       text NOT NULL,
  exchange_key text NOT NULL UNIQUE,
  exchange_no text,
  pair        text NOT NULL,
  way         text NOT NULL,
  kind        text NOT NULL,
  volume      numeric NOT NULL,
  price       numeric,
  -- What a market buy spends, since the exchange counts it that way.
  spends      numeric,
  -- SENDING, LOST, WORKING, DONE, PULLED, TURNED_DOWN
  state       text NOT NULL DEFAULT 'SENDING',
  traded      numeric NOT NULL DEFAULT 0,
  made_at     timestamptz NOT NULL DEFAULT now(),
  lost_at     timestamptz
);
CREATE INDEX ON tickets (state) WHERE state IN ('SENDING', 'LOST', 'WORKING');

CREATE TABLE deals (
  exchange_deal text PRIMARY KEY,
  ticket        bigint NOT NULL REFERENCES tickets,
  price         numeric NOT NULL,
  volume        numeric NOT NULL,
  charge        numeric NOT NULL,
  charge_coin   text NOT NULL
);
CREATE INDEX ON deals (ticket);

CREATE TABLE stock (
  pair   text PRIMARY KEY,
  volume numeric NOT NULL
);
