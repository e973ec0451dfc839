-- wrk.lua - the requests of LOAD_FILE (lines "search KEYS -- TEXT") as GETs, one after the other; prints what drive.c prints.
local paths, at = {}, 0

local function escape(text)
   return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end))
end

function init()
   for line in io.lines(os.getenv("LOAD_FILE")) do
      local keys, text = line:match("^search (.-) %-%- (.*)$")
      paths[#paths + 1] = "/v1/search?" .. keys:gsub(" ", "&") .. "&q=" .. escape(text)
   end
end

function request()
   at = at % #paths + 1
   return wrk.format("GET", paths[at])
end

-- What has an error status counts as busy, and partial replies are not counted: wrk shows no bodies here.
function done(summary, latency)
   local errors = summary.errors
   io.write(string.format("columns\t%.1f\t%.3f\t%.3f\t%.3f\t0\t%d\t%d\n",
      (summary.requests - errors.status) / summary.duration * 1e6, latency:percentile(50) / 1000,
      latency:percentile(99) / 1000, latency.max / 1000, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout))
end
