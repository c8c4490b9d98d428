CREATE TABLE trades (
  ref          uuid PRIMARY KEY,
  request_key  text NOT NULL UNIQUE,
  fingerprint  text NOT NULL,
  exchange_ref text NOT NULL UNIQUE,
  pair         text NOT NULL,
  direction    text NOT NULL,
  kind         text NOT NULL,
  amount       numeric NOT NULL,
  limit_price  numeric,
  -- SENT, LOST, LIVE, PARTIAL, DONE, KILLED, LAPSED, REFUSED
  state        text NOT NULL DEFAULT 'SENT',
  done         numeric NOT NULL DEFAULT 0,
  problem      text,
  lost_at      timestamptz,
  -- When the exchange is asked for it, unless its state is final before.
  look_at      timestamptz DEFAULT now() + interval '6 seconds'
);
CREATE INDEX ON trades (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX ON trades (pair) WHERE state IN ('LIVE', 'PARTIAL');

CREATE TABLE executions (
  pair     text NOT NULL,
  number   bigint NOT NULL,
  ref      uuid NOT NULL REFERENCES trades,
  price    numeric NOT NULL,
  amount   numeric NOT NULL,
  money    numeric NOT NULL,
  fee      numeric NOT NULL,
  fee_coin text NOT NULL,
  PRIMARY KEY (pair, number)
);
CREATE INDEX ON executions (ref);

CREATE TABLE holdings (
  pair   text PRIMARY KEY,
  amount numeric NOT NULL
);
