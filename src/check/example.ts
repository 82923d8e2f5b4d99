/** A file of assertions to start from: about the peering lab's network. */

export const EXAMPLE = `# Who reaches whom: isthmus check FILE
# from, to: a Name, id, address or block; a tag (Name=web, tag:Team=shop); a relation
#   (vpc shop, subnet public, group web, instances in vpc shop); internet; or a list of these.
# proto: icmp (the default: a ping), tcp, udp or a number; port: 22, 8000-8100 or any.
# expect: reachable, unreachable, partly; or only, with the ports that may be reached.
assertions:
  - name: web pings db
    from: web
    to: db
    expect: reachable
    because: the lab is about this ping

  - name: nobody outside logs in to db
    from: internet
    to: db
    proto: tcp
    port: 22
    expect: unreachable

  - name: the internet gets to web by HTTPS alone
    from: internet
    to: web
    expect: only
    ports: [tcp 443]
`
