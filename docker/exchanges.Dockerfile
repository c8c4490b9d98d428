# The exchange stubs. They listen on loopback only, so the container shares the network of the fault proxy's.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /kanit
COPY package*.json docker/keep-dependencies.cjs docker/install-dependencies.sh ./
RUN sh install-dependencies.sh

FROM node:24-bookworm-slim
ENV NODE_ENV=production NODE_NO_WARNINGS=1
WORKDIR /kanit
COPY docker/http-ok.sh /usr/local/bin/http-ok.sh
COPY --from=dependencies /kanit/package.json ./
COPY --from=dependencies /kanit/node_modules ./node_modules
COPY core ./core
COPY venues ./venues
COPY network ./network
COPY exchanges ./exchanges
USER node
# The control API, and after it the links of the table in venues/, in its order.
EXPOSE 21000-21099
HEALTHCHECK --interval=2s --timeout=2s --retries=15 CMD ["http-ok.sh", "21000", "/health"]
ENTRYPOINT ["node", "exchanges/main.ts", "--first-port", "21000"]
