# The emulator in a container:
#   docker build -t aws-org-emulator .
#   docker run --rm -p 127.0.0.1:4599:4599 aws-org-emulator --invited 5
# python:3.13-slim as it was in September 2026, for every platform: the digest counts, not the tag. A newer one:
#   docker buildx imagetools inspect python:3.13-slim
FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY tools tools
# The pinned packages, whose sums are required; nothing else is fetched to build the project.
RUN python -m tools.pins project emulator install >/tmp/pins.txt \
    && pip install --no-cache-dir --require-hashes -r /tmp/pins.txt
COPY emulator emulator
COPY provider provider
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && useradd --create-home emulator

USER emulator
WORKDIR /home/emulator
EXPOSE 4599
# Every address of the container's own; publish it on 127.0.0.1, as signatures aren't checked.
ENTRYPOINT ["aws-org-emulator", "--host", "0.0.0.0"]
