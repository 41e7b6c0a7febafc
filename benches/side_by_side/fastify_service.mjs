// A good Fastify service that handles the trigger: two processes, undici with connections that are kept alive.
// node fastify_service.mjs PORT, with the settings of flask_service.
import cluster from "node:cluster";
import Fastify from "fastify";
import { Pool } from "undici";

const { UPSTREAMS, WEBHOOK_API_KEY } = process.env;

function promptOf(trigger, questionnaire) {
  const lines = [`Du bist Susi und rufst für ${trigger.company_name} an.`];
  for (const question of questionnaire.questions ?? []) {
    lines.push(`- ${question.question ?? ""}`);
    for (const option of question.options ?? []) lines.push(`  * ${option}`);
  }
  return lines.join("\n");
}

if (cluster.isPrimary) {
  for (let worker = 0; worker < 2; worker++) cluster.fork();
} else {
  const pool = new Pool(UPSTREAMS, { connections: 1000, pipelining: 1 });
  const app = Fastify();
  app.get("/webhook/health", async () => ({ status: "healthy" }));
  app.post("/webhook/trigger-call", async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${WEBHOOK_API_KEY}`) return reply.code(401).send({ status: "error" });
    const trigger = request.body;
    const answer = await pool.request({ method: "GET", path: `/api/v1/questionnaire/${trigger.campaign_id}` });
    const prompt = promptOf(trigger, await answer.body.json());
    const firstMessage =
      `Guten Tag ${trigger.candidate_first_name} ${trigger.candidate_last_name}, hier spricht Susi.`;
    const agent = { prompt: { prompt }, first_message: firstMessage };
    const dial = {
      agent_id: "agent",
      to_number: trigger.to_number,
      conversation_initiation_client_data: { conversation_config_override: { agent } },
    };
    const placed = await pool.request({
      method: "POST",
      path: "/v1/convai/twilio/outbound-call",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(dial),
    });
    const { conversation_id } = await placed.body.json();
    return { status: "success", data: { conversation_id, prompt_length: prompt.length, first_message: firstMessage } };
  });
  await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
}
