"""People run groups: making them, adding and promoting, permissions, topics, the linked channel."""

from dataclasses import replace
from typing import Any

from bot.rehearsal import render
from bot.rehearsal.manners import chat_seen, require
from bot.rehearsal.membership import change, depart, enter, is_in
from bot.rehearsal.methods.links import new_link
from bot.rehearsal.permissions import ALL_RIGHTS, RIGHTS, complete
from bot.rehearsal.posting import announce, publish, written
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import GENERAL_TOPIC, SERVICE_ID, Chat, Json, Member, Status, Topic, World


def create_group(world: World, user: int, params: Json) -> Json:
    """`{title, type: group|supergroup, forum?, approve_new?}` -> `{chat, link}`."""
    kind = params.get("type", "group")
    if kind not in ("group", "supergroup") or not params.get("title"):
        raise NotAllowed("A group has a title and is a group or a supergroup.", 400)
    if params.get("forum") and kind != "supergroup":
        raise NotAllowed("Only supergroups have topics.", 400)
    chat = world.new_chat(kind, params["title"])
    chat.forum, chat.approve_new = bool(params.get("forum")), bool(params.get("approve_new"))
    if chat.forum:
        chat.topics[GENERAL_TOPIC] = Topic(GENERAL_TOPIC, "General")
    chat.members[user] = Member("creator", rights=dict(ALL_RIGHTS))
    link = new_link(world, chat, user, primary=True)
    created = "supergroup_chat_created" if kind == "supergroup" else "group_chat_created"
    announce(world, chat, user, **{created: True})
    return {"chat": chat.id, "link": link.url}


def _somebody(world: World, params: Json) -> int:
    wanted = params.get("user")
    if wanted not in world.people:
        raise NotAllowed("There is nobody of that number.", 404)
    return int(wanted)


def add_member(world: World, user: int, params: Json) -> Json:
    """`{chat, user}`: put somebody into the group."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "invite")
    who = _somebody(world, params)
    if is_in(world, chat, who):
        raise NotAllowed("This person is in the group already.", 400)
    enter(world, chat, who, actor=user)
    return {}


def remove_member(world: World, user: int, params: Json) -> Json:
    """`{chat, user}`: take somebody out, who then cannot come back by a link (in a supergroup)."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "restrict")
    who = _somebody(world, params)
    if not is_in(world, chat, who) or world.member(chat, who).status == "creator":
        raise NotAllowed("This person cannot be removed.", 400)
    status: Status = "kicked" if chat.type == "supergroup" else "left"
    depart(world, chat, who, actor=user, new=Member(status))
    return {}


def add_bot(world: World, user: int, params: Json) -> Json:
    """`{chat}`."""
    return add_member(world, user, params | {"user": world.bot.id})


def remove_bot(world: World, user: int, params: Json) -> Json:
    """`{chat}`."""
    return remove_member(world, user, params | {"user": world.bot.id})


def promote(world: World, user: int, params: Json) -> Json:
    """`{chat, user, rights, anonymous?}`: the bot too; `rights` may be `"all"`."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "promote")
    who = _somebody(world, params)
    anonymous = bool(params.get("anonymous"))
    old = world.member(chat, who)
    if old.status == "creator":
        change(world, chat, who, replace(old, anonymous=anonymous), actor=user)
        return {}
    if not is_in(world, chat, who):
        raise NotAllowed("Only somebody in the group can be made an administrator.", 400)
    rights = dict(ALL_RIGHTS) if params.get("rights") == "all" else dict(params.get("rights") or {})
    if unknown := rights.keys() - set(RIGHTS):
        raise NotAllowed(f"There is no right called {sorted(unknown)[0]}.", 400)
    change(world, chat, who, Member("administrator", rights=rights, anonymous=anonymous), actor=user)
    return {}


def demote(world: World, user: int, params: Json) -> Json:
    """`{chat, user}`: an administrator becomes a member again."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "promote")
    who = _somebody(world, params)
    if world.member(chat, who).status != "administrator":
        raise NotAllowed("This person is not an administrator.", 400)
    change(world, chat, who, Member("member"), actor=user)
    return {}


def set_permissions(world: World, user: int, params: Json) -> Json:
    """`{chat, permissions}`: what members may do; those not named stay as they are. No bot is told."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "restrict")
    chat.permissions = complete(chat.permissions | params["permissions"], independent=True)
    world.changes.bump()
    return {}


def approve_new(world: World, user: int, params: Json) -> Json:
    """`{chat, on}`: whether an administrator has to approve everybody who follows a link."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "invite")
    chat.approve_new = bool(params.get("on"))
    world.changes.bump()
    return {}


def upgrade(world: World, user: int, params: Json) -> Json:
    """`{chat}` -> `{chat}`: a basic group becomes a supergroup, with another id."""
    old = chat_seen(world, params.get("chat"), user)
    if old.type != "group" or world.member(old, user).status != "creator":
        raise NotAllowed("Only the owner of a basic group can upgrade it.")
    new = world.new_chat("supergroup", old.title)
    new.members = {who: replace(member) for who, member in old.members.items()}
    new.permissions, new.approve_new = dict(old.permissions), old.approve_new
    new.links, new.requests = old.links, old.requests
    old.links, old.requests = [], {}
    announce(world, old, user, migrate_to_chat_id=new.id)
    old.migrated_to = new.id
    announce(world, new, user, migrate_from_chat_id=old.id)
    return {"chat": new.id}


def create_topic(world: World, user: int, params: Json) -> Json:
    """`{chat, name}` -> `{topic}`."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "topics")
    if not chat.forum:
        raise NotAllowed("This group has no topics.", 400)
    post = publish(
        world,
        chat,
        user,
        {"forum_topic_created": {"name": params["name"], "icon_color": 7322096}},
        service=True,
        topic=max(chat.posts, default=0) + 1,
    )
    chat.topics[post.id] = Topic(post.id, params["name"])
    return {"topic": post.id}


def channel_post(world: World, user: int, params: Json) -> Json:
    """`{chat, text}`: the group's linked channel publishes, and Telegram forwards it into the group."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "info")
    if chat.type != "supergroup":
        raise NotAllowed("Only a supergroup can have a linked channel.", 400)
    channel = _linked(world, chat)
    number = world.next_message_id(channel)
    origin = {
        "type": "channel",
        "date": world.clock.timestamp(),
        "chat": render.chat(world, channel),
        "message_id": number,
    }
    post = publish(
        world, chat, SERVICE_ID, written(params["text"]), sender_chat=channel.id, origin=origin, automatic=True
    )
    return {"message": post.id}


def _linked(world: World, chat: Chat) -> Chat:
    if chat.linked_channel is None:
        chat.linked_channel = world.new_chat("channel", f"{chat.title} news").id
    return world.chats[chat.linked_channel]


ACTS: dict[str, Any] = {
    "create_group": create_group,
    "add_member": add_member,
    "remove_member": remove_member,
    "add_bot": add_bot,
    "remove_bot": remove_bot,
    "promote": promote,
    "demote": demote,
    "set_permissions": set_permissions,
    "approve_new": approve_new,
    "upgrade": upgrade,
    "create_topic": create_topic,
    "channel_post": channel_post,
}
