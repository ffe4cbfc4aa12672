"""The world's state as objects of the Bot API (https://core.telegram.org/bots/api#available-types)."""

from bot.rehearsal.permissions import PERMISSIONS, RIGHTS
from bot.rehearsal.world import Chat, JoinRequest, Json, Link, Member, Person, Post, World


def user(person: Person) -> Json:
    """A User."""
    given: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.name}
    if not person.is_bot and " " in person.name:
        given["first_name"], given["last_name"] = person.name.split(" ", 1)
    if person.username:
        given["username"] = person.username
    return given


def chat(world: World, where: Chat) -> Json:
    """A Chat. A private chat carries its person's names."""
    if where.type == "private":
        about = user(world.people[where.id])
        return {key: about[key] for key in about if key != "is_bot"} | {"type": "private"}
    given: Json = {"id": where.id, "type": where.type, "title": where.title}
    if where.forum:
        given["is_forum"] = True
    return given


def member(world: World, where: Chat, person_id: int) -> Json:
    """A ChatMember of the kind that fits."""
    state = world.member(where, person_id)
    return member_as(world.people[person_id], state)


def member_as(person: Person, state: Member) -> Json:
    """A ChatMember for a state that may be past already."""
    given: Json = {"status": state.status, "user": user(person)}
    if state.status == "creator":
        given["is_anonymous"] = state.anonymous
    elif state.status == "administrator":
        rights = {name: bool(state.rights.get(name)) for name in RIGHTS} | {"can_manage_chat": True}
        given |= rights | {"is_anonymous": state.anonymous, "can_be_edited": False}
    elif state.status == "restricted":
        given |= {name: bool(state.permissions.get(name)) for name in PERMISSIONS}
        given |= {"is_member": state.present, "until_date": state.until}
    elif state.status == "kicked":
        given["until_date"] = state.until
    return given


def link(world: World, where: Link, *, reader: int) -> Json:
    """A ChatInviteLink; the second half of somebody else's is hidden, as Telegram hides it from a bot."""
    url = where.url
    if where.creator != reader:
        head, tail = url.rsplit("/", 1)
        url = f"{head}/{tail[: len(tail) // 2]}…"
    given: Json = {
        "invite_link": url,
        "creator": user(world.people[where.creator]),
        "creates_join_request": where.requests,
        "is_primary": where.primary,
        "is_revoked": where.revoked,
    }
    optional = {"name": where.name, "expire_date": where.expires, "member_limit": where.member_limit}
    return given | {key: value for key, value in optional.items() if value}


def post(world: World, what: Post, *, nested: bool = False) -> Json:
    """A Message. A message inside a message carries no further one."""
    where = world.chats[what.chat]
    given: Json = {"message_id": what.id, "date": what.date, "chat": chat(world, where)}
    given["from"] = user(world.people[what.sender])
    given |= what.content
    if what.sender_chat is not None:
        given["sender_chat"] = chat(world, world.chats[what.sender_chat])
    if what.topic is not None:
        given |= {"message_thread_id": what.topic, "is_topic_message": True}
    if what.edited is not None:
        given["edit_date"] = what.edited
    optional = {"quote": what.quote, "forward_origin": what.origin, "reply_markup": what.markup}
    given |= {key: value for key, value in optional.items() if value}
    if what.protected:
        given["has_protected_content"] = True
    if what.automatic:
        given["is_automatic_forward"] = True
    if "pinned_message" in what.content:
        pinned = where.posts.get(what.content["pinned_message"])
        given["pinned_message"] = (
            inaccessible(world, where, what.content["pinned_message"])
            if pinned is None
            else post(world, pinned, nested=True)
        )
    if not nested and what.reply_to in where.posts:
        given["reply_to_message"] = post(world, where.posts[what.reply_to], nested=True)
    return given


def inaccessible(world: World, where: Chat, message: int) -> Json:
    """An InaccessibleMessage."""
    return {"chat": chat(world, where), "message_id": message, "date": 0}


def join_request(world: World, where: Chat, request: JoinRequest) -> Json:
    """A ChatJoinRequest."""
    given: Json = {
        "chat": chat(world, where),
        "from": user(world.people[request.user]),
        "user_chat_id": request.user,
        "date": request.date,
    }
    if request.link is not None:
        given["invite_link"] = link(world, request.link, reader=world.bot.id)
    return given
