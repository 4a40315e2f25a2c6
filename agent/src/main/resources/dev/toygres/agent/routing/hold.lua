-- A client that connects while the server does not answer is held, not refused. HAProxy itself would
-- retry a refused connect once a second only. Every attempt to connect is a probe of ours first; Postgres
-- does not log a connection that closes without a word.
local STEP = 5
local GATE = "unix@./gate.sock"

local function connects(server)
    local address, port = server:get_addr():match("^(.*):(%d+)$")
    local probe = core.tcp()
    probe:settimeout(1)
    local connected = probe:connect(address, tonumber(port))
    probe:close()
    return connected
end

-- Whether one of those that HAProxy may choose does. Its own checks are what it goes by where there are any.
local function answers(backend)
    for _, server in pairs(core.backends[backend].servers) do
        local status = server:get_stats().status
        if not status:find("MAINT") and not status:find("DOWN") and connects(server) then
            return true
        end
    end
    return false
end

-- The gate is looked at last: whoever was let through is connected before anything else happens.
local function passes(fetch, backend)
    return answers(backend) and fetch:nbsrv(backend) > 0
end

-- Where clients wait. An action must not sleep: HAProxy forgets to wake it when the time is over
-- before the action has returned, as on a busy machine, and then only the inspect-delay ends it
-- (hlua_action, tcp_inspect_request: an expired analyse_exp counts as none). A service may.
core.register_service("gate", "tcp", function(applet)
    local backend, limit = applet:getline():match("(%S+) (%d+)")
    local waited = 0
    while waited < tonumber(limit) do
        if passes(applet.f, backend) then
            applet:send("open\n")
            return
        end
        core.msleep(STEP)
        waited = waited + STEP
    end
end)

local function isOpened(backend, limit)
    local gate = core.tcp()
    gate:settimeout(limit / 1000 + 5)
    local word = gate:connect(GATE) and gate:send(backend .. " " .. limit .. "\n") and gate:receive("*l")
    gate:close()
    return word == "open"
end

core.register_action("hold", { "tcp-req" }, function(txn, backend, limit)
    while not passes(txn.f, backend) do
        if not isOpened(backend, limit) then
            txn:done()
            return
        end
    end
end, 2)
