"""The trigger as a good FastAPI service handles it: two processes, uvloop, one httpx client each with kept connections.

uvicorn fastapi_service:app --workers 2 --loop uvloop --http httptools --no-access-log, settings as flask_service.
"""
import os
from contextlib import asynccontextmanager

import httpx
import orjson
from fastapi import FastAPI, Request, Response

UPSTREAMS = os.environ["UPSTREAMS"]
API_KEY = os.environ["WEBHOOK_API_KEY"]


@asynccontextmanager
async def lifespan(app):
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=1000)
    async with httpx.AsyncClient(limits=limits, timeout=30) as app.state.http:
        yield


app = FastAPI(lifespan=lifespan)


def prompt_of(trigger, questionnaire):
    lines = [f"Du bist Susi und rufst für {trigger['company_name']} an."]
    for question in questionnaire.get("questions", []):
        lines.append("- " + str(question.get("question", "")))
        lines += [f"  * {option}" for option in question.get("options") or []]
    return "\n".join(lines)


def answered(status, content):
    return Response(orjson.dumps(content), status, media_type="application/json")


@app.get("/webhook/health")
async def health():
    return answered(200, {"status": "healthy"})


@app.post("/webhook/trigger-call")
async def trigger_call(request: Request):
    if request.headers.get("authorization", "") != f"Bearer {API_KEY}":
        return answered(401, {"status": "error"})
    trigger = orjson.loads(await request.body())
    http = request.app.state.http
    answer = await http.get(f"{UPSTREAMS}/api/v1/questionnaire/{trigger['campaign_id']}")
    prompt = prompt_of(trigger, orjson.loads(answer.content))
    first_message = f"Guten Tag {trigger['candidate_first_name']} {trigger['candidate_last_name']}, hier spricht Susi."
    dial = {
        "agent_id": "agent",
        "to_number": trigger["to_number"],
        "conversation_initiation_client_data": {
            "conversation_config_override": {"agent": {"prompt": {"prompt": prompt}, "first_message": first_message}}
        },
    }
    headers = {"content-type": "application/json"}
    placed = await http.post(f"{UPSTREAMS}/v1/convai/twilio/outbound-call", content=orjson.dumps(dial), headers=headers)
    conversation_id = orjson.loads(placed.content)["conversation_id"]
    return answered(
        200,
        {
            "status": "success",
            "data": {"conversation_id": conversation_id, "prompt_length": len(prompt), "first_message": first_message},
        },
    )
