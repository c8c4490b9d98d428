/** The containers' own ports, as docker-compose.yml and docker/links.json have them; links follow one another. */
export const PORTS = {
  postgres: 5432,
  pgbouncer: 6432,
  platform: 8080,
  proxyControl: 8474,
  doorway: 8476,
  venueControl: 8477,
  firstLink: 20_001,
} as const;
