"""The trigger as the service in production handles it: Flask, requests, one connection a request to each upstream.

gunicorn --workers 2 --bind 127.0.0.1:PORT flask_service:app, with UPSTREAMS=http://127.0.0.1:9100 and WEBHOOK_API_KEY.
"""
import json
import os

import requests
from flask import Flask, jsonify, request

app = Flask(__name__)
UPSTREAMS = os.environ["UPSTREAMS"]
API_KEY = os.environ["WEBHOOK_API_KEY"]


def prompt_of(trigger, questionnaire):
    lines = [f"Du bist Susi und rufst für {trigger['company_name']} an."]
    for question in questionnaire.get("questions", []):
        lines.append("- " + str(question.get("question", "")))
        lines += [f"  * {option}" for option in question.get("options") or []]
    return "\n".join(lines)


@app.get("/webhook/health")
def health():
    return jsonify(status="healthy")


@app.post("/webhook/trigger-call")
def trigger_call():
    if request.headers.get("Authorization", "") != f"Bearer {API_KEY}":
        return jsonify(status="error"), 401
    trigger = request.get_json(force=True)
    answer = requests.get(f"{UPSTREAMS}/api/v1/questionnaire/{trigger['campaign_id']}", timeout=10)
    prompt = prompt_of(trigger, json.loads(answer.text))
    first_message = f"Guten Tag {trigger['candidate_first_name']} {trigger['candidate_last_name']}, hier spricht Susi."
    dial = {
        "agent_id": "agent",
        "to_number": trigger["to_number"],
        "conversation_initiation_client_data": {
            "conversation_config_override": {"agent": {"prompt": {"prompt": prompt}, "first_message": first_message}}
        },
    }
    placed = requests.post(f"{UPSTREAMS}/v1/convai/twilio/outbound-call", json=dial, timeout=30).json()
    return jsonify(
        status="success",
        data={"conversation_id": placed["conversation_id"], "prompt_length": len(prompt), "first_message": first_message},
    )
