# The exchange stubs. They listen on loopback only, so the container shares the network of the fault proxy's.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /kanit
COPY package.json package-lock.json docker/keep-dependencies.cjs docker/install-dependencies.sh ./
RUN sh install-dependencies.sh

FROM node:24-bookworm-slim
ENV NODE_ENV=production NODE_NO_WARNINGS=1
WORKDIR /kanit
COPY docker/http-ok.sh /usr/local/bin/http-ok.sh
COPY --from=dependencies /kanit/package.json ./
COPY --from=dependencies /kanit/node_modules ./node_modules
COPY core ./core
COPY exchanges ./exchanges
USER node
EXPOSE 21000 21001 21002 21003 21004 21005
HEALTHCHECK --interval=2s --timeout=2s --retries=15 CMD ["http-ok.sh", "21000", "/health"]
ENTRYPOINT ["node", "exchanges/main.ts", \
  "--control-port", "21000", "--binance-rest-port", "21001", "--binance-ws-port", "21002", \
  "--btcturk-rest-port", "21003", "--btcturk-ws-port", "21004", "--bist-ws-port", "21005"]
