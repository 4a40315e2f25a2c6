-- A client that connects while the server does not answer is held, not refused. HAProxy itself would
-- retry a refused connect once a second only. Every attempt to connect is a probe of ours first; Postgres
-- does not log a connection that closes without a word.
local STEP = 5

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

core.register_action("hold", { "tcp-req" }, function(txn, backend, limit)
    local waited = 0
    while txn.f:nbsrv(backend) == 0 or not answers(backend) do
        if waited >= tonumber(limit) then
            txn:done()
            return
        end
        core.msleep(STEP)
        waited = waited + STEP
    end
end, 2)
