# Two stages: build with the Rust toolchain, run with nothing but the binary and the root certificates.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build

# The dependencies are a layer of their own, rebuilt only when these files change: they are compiled with empty
# stand-ins for our sources. Benches, examples and tests with a section of their own are left out, because cargo wants
# the files they name.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock build.rs ./
RUN sed -i -E '/^\[\[(bench|example|test)\]\]/,/^$/d' Cargo.toml \
    && mkdir src \
    && touch src/lib.rs \
    && echo 'fn main() {}' > src/main.rs \
    && cargo build --release --locked

# `touch`: a copied file keeps its time, and cargo would take one that is older than the stand-in for unchanged.
COPY . .
RUN touch src/lib.rs src/main.rs \
    && cargo build --release --locked --bin sellcruiting-webhook

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin webhook
COPY --from=build /build/target/release/sellcruiting-webhook /usr/local/bin/

# Huge pages would take twice the memory (docs/decisions.md, mimalloc).
ENV MIMALLOC_ALLOW_THP=0

# The working directory is the one place the service may write to: the SQLite file, where one is used.
# By number, because a platform that admits no root cannot tell who a name is.
USER 10001
WORKDIR /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 \
    CMD ["sellcruiting-webhook", "healthcheck"]
ENTRYPOINT ["sellcruiting-webhook"]
CMD ["serve"]
