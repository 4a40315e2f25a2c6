-- An endpoint must not outlive its agent for long: nobody could cut it then, or point it elsewhere, and no
-- other host could take its addresses over. The agent puts the end off with "beat UNTIL"; when that time is
-- over HAProxy ends, and every session with it. UNTIL counts the machine's uptime, like the agent's stamp: a
-- word that lay in a buffer while everything stood still puts nothing off, and HAProxy's own clock, which
-- hides jumps, is not asked.
local TURN = 100
local ends = tonumber(os.getenv("TOYGRES_ENDS") or "0")

-- Open all the time: there may be no file left to open when it counts.
local clock = io.open("/proc/uptime")
clock:setvbuf("no")

local function uptime()
    clock:seek("set")
    return clock:read("n") * 1000
end

local function look()
    if ends > 0 and uptime() > ends then
        core.Alert("no word of the agent in time: this endpoint ends")
        os.exit(1)
    end
end

local USAGE = "beat UNTIL : this endpoint ends at that uptime in ms, unless told otherwise before; 0 is never"

core.register_cli({ "beat" }, USAGE, function(applet, _, till)
    look()
    ends = tonumber(till)
    applet:send("until " .. ends .. "\n")
end)

core.register_task(function()
    while true do
        look()
        core.msleep(TURN)
    end
end)
