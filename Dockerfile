# The emulator in a container:
#   docker build -t aws-org-emulator .
#   docker run --rm -p 127.0.0.1:4599:4599 aws-org-emulator --invited 5
FROM python:3.13-slim

WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY emulator emulator
COPY provider provider
RUN pip install --no-cache-dir '.[emulator]' && useradd --create-home emulator

USER emulator
WORKDIR /home/emulator
EXPOSE 4599
# Every address of the container's own; publish it on 127.0.0.1, as signatures aren't checked.
ENTRYPOINT ["aws-org-emulator", "--host", "0.0.0.0"]
