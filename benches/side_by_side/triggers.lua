-- Triggers for wrk: wrk … -s triggers.lua URL -- KEY CAMPAIGNS SEED
-- CAMPAIGNS: over how many campaigns they are spread; 0: each names another. SEED: tells one run's triggers from another's.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  key, campaigns, seed = arguments[1], tonumber(arguments[2]), tonumber(arguments[3])
  count = 0
end

function request()
  count = count + 1
  local campaign = campaigns > 0 and count % campaigns + 1 or (seed * 8 + number) * 1000000 + count
  local body = string.format(
    '{"campaign_id":%d,"company_name":"Musterwerk GmbH","candidate_first_name":"Max",' ..
    '"candidate_last_name":"Mustermann","to_number":"+493023125%03d","agent_phone_number_id":"phnum_bench"}',
    campaign, count % 1000)
  return wrk.format("POST", "/webhook/trigger-call", {
    ["Authorization"] = "Bearer " .. key,
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = string.format("%d-%d-%d", seed, number, count),
  }, body)
end
