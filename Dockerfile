# The dashboard and the command line in a container. Two stages, so that pip's leftovers stay out of the image.
#   docker build -t rbind .
#   docker run --rm -p 8501:8501 -v rbind:/data rbind
FROM python:3.12-slim AS environment

WORKDIR /opt/rbind
COPY requirements.txt constraints.txt ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.12-slim

# What people make and fetch lives in /data, which belongs to the one user that everything runs as.
RUN useradd --create-home --uid 10001 rbind \
    && install --directory --owner=rbind --group=rbind /data
ENV RBIND_CACHE_DIR=/data/cache \
    RBIND_MODELS_DIR=/data/models \
    RBIND_RUNS_DIR=/data/runs \
    RBIND_IMPORT_DIR=/data/imported \
    RBIND_BROWSERS_DIR=/data/browsers \
    PATH=/opt/rbind/.venv/bin:$PATH \
    PYTHONPATH=/opt/rbind \
    PYTHONUNBUFFERED=1 \
    TF_CPP_MIN_LOG_LEVEL=3

WORKDIR /opt/rbind
COPY --from=environment /opt/rbind/.venv .venv
COPY LICENSE README.md app.py ./
COPY docs/LICENCES.md docs/
COPY .streamlit .streamlit
COPY pretrained pretrained
COPY rbind_core rbind_core
COPY dashboard dashboard
COPY entry entry
COPY pages pages
RUN python -m compileall -q rbind_core dashboard entry pages app.py

USER rbind
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "dashboard.server.main", "--address", "0.0.0.0", "--port", "8501", "--headless"]
