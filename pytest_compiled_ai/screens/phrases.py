"""What injected instructions say: patterns over plain words (see words.py), and over the markup of chats.

They are about what a sentence does (cancels instructions, asks for them, hands out a role, keeps a secret), not about
single attacks, and they look for the second person: a docstring speaks about data, an injection speaks to a model.
"""

# ruff: noqa: E501 - a pattern that is broken over lines can be read by nobody
from __future__ import annotations

import re

_ORDERS = r"(?:instructions?|directives?|guidelines?|prompts?|directions?|orders|commands)"
_RULES = (
    rf"(?:{_ORDERS}|rules?|constraints?|restrictions?|context|polic(?:y|ies)|training|programming|filters?|safeguards)"
)
_GUARDS = r"(?:safety|safeguards|guardrails|content (?:filters?|polic(?:y|ies)))"
_CANCEL = (
    r"(?:ignor(?:e|es|ing)|disregard(?:ing)?|forget|overrid(?:e|es|ing)|overrule|bypass|neglect|abandon|discard|violate|supersed(?:e|es|ing)|"
    r"circumvent|disobey|disable|set aside|throw away|pay no attention to|stop (?:following|obeying)|"
    r"(?:do not|dont|never) (?:follow|obey|listen to))"
)
_BEFORE = r"(?:previous|prior|above|earlier|preceding|foregoing|original|initial|existing|system|security|current)"
_REVEAL = (
    r"(?:reveal|show|print|output|display|repeat|dump|leak|expose|disclose|divulge|tell|give|list|recite|summari[sz]e|"
    r"translate|export|encode|describe|explain|format|share|send|copy|echo|paste|quote|write out|return|includes?|compare|"
    r"what (?:is|are|were|was)|whats)"
)
_INNER = r"(?:system|hidden|secret|internal|initial|original|full|entire|exact|complete|developer|previous|default)"
_FREE = r"(?:restrictions?|limits|limitations|rules|filters?|polic(?:y|ies)|guidelines|guardrails|constraints|ethics|morals)"
_MACHINE = (
    r"(?:ais?|llms?|assistants?|chatbots?|copilots?|language models?|code (?:generators?|models?)|coding agents?)"
)
_PEOPLE = r"(?:users?|reviewers?|developers?|anyone|anybody|humans?|owners?|maintainers?|authors?)"
_TREASURE = (
    r"(?:environment variables|env vars|environ|environment|api keys?|credentials|secrets|passwords|"
    r"(?:private|ssh) keys?|access tokens?)"
)
FOREIGN = "it tells the model, in another language, to drop or show its instructions"

WORDS = {
    "it tells the model to drop its instructions": [
        rf"{_CANCEL} (?:\w+ ){{0,4}}?{_BEFORE} (?:\w+ ){{0,2}}?{_RULES}\b",
        rf"{_CANCEL} (?:\w+ ){{0,2}}?(?:your|youre) (?:\w+ ){{0,2}}?{_RULES}\b",
        rf"{_CANCEL} (?:all|any|every|everything|whatever) (?:\w+ ){{0,3}}?(?:you (?:were|have been|are) (?:told|given)|{_ORDERS})\b",
        rf"{_CANCEL} (?:\w+ ){{0,3}}?{_GUARDS}\b",
        rf"{_CANCEL} (?:all |any |everything |the )?(?:\w+ ){{0,2}}?(?:you were told|that came before|written above|said (?:above|before))\b",
        rf"{_ORDERS} (?:\w+ ){{0,3}}?(?:no longer|do not|dont) (?:apply|count|matter)\b",
        r"rules (?:no longer|do not|dont) (?:apply|count|matter)\b",
    ],
    "it gives the model new instructions": [
        rf"(?:your|youre) (?:new|real|actual|true|only|next) (?:and \w+ )?(?:task|role|goal|objective|job|mission|purpose|{_ORDERS})\b",
        rf"(?:here are|follow|obey|these are) (?:\w+ ){{0,2}}?(?:new|updated|revised) {_ORDERS}\b",
        r"new (?:system )?instructions (?!for |to |in |are |were |is |on |that )",
        r"(?:end|start|beginning|begin) of (?:the )?system (?:prompt|instructions|message)\b|\. (?:end|begin) of (?:prompt|instructions)\b",
        r"instead (?:of (?:this|that|the above) )?you (?:must|should|will|shall) (?:\w+ )?(?:write|output|return|generate|do|implement)\b",
    ],
    "it asks for the model's instructions": [
        rf"{_REVEAL} (?:\w+ ){{0,6}}?(?:your|my) (?:\w+ ){{0,3}}?(?:prompts?|instructions|guidelines|system message|directives)\b",
        rf"{_REVEAL} (?:\w+ ){{0,3}}?your (?:{_INNER} ){{0,2}}(?:\w+ )?(?:configuration|rules)\b",
        rf"{_REVEAL} (?:\w+ ){{0,5}}?(?:system prompts?|{_INNER} (?:prompts|instructions))\b",
        r"(?:in|of|from|between|about|to) your (?:\w+ )?(?:instructions|guidelines|system prompt|directives)\b",
        r"(?:my|your) (?:system|hidden|secret|initial) (?:prompt|instructions) (?:is|are|was|were)\b",
        rf"{_REVEAL} (?:back )?(?:me |us )?(?:everything|all|the (?:text|words|content)|what (?:is|was|comes)) (?:\w+ ){{0,3}}?(?:above|before) (?:this|here|me|my|the)\b",
        r"(?:instructions?|prompts?|rules|guidelines) (?:that )?(?:you (?:were|have been|are|had been|got|received|follow|use|obey)|(?:the|an) \w+ (?:ai|model|assistant) (?:had|has|was))\b",
        r"what (?:\w+ )?(?:instructions?|prompts?|rules|guidelines) (?:do|did|were|are) you\b",
        r"(?:document|documentation|describe|description|explain|tell me|introduce) (?:\w+ )?yourself\b",
    ],
    "it hands the model a role": [
        r"(?:you are|youre) now (?:an? |in |the |going to (?:act|be)|free|acting|operating|running|called|known|\w*mode\b|unrestricted|dan\b|jailbroken)",
        r"(?:from now on|from this point(?: on)?|from here on|henceforth) you (?:are|will|must|shall|should|act|behave)\b",
        r"(?:you are|youre) (?:now )?in \w+ mode\b",
        r"(?:pretend|imagine) (?:that )?(?:you are|youre|to be|you have|you were|you had)\b|(?:suppose|assume) (?:that )?(?:you are|youre|you were) (?:an?|in|now|the)\b",
        r"(?:act|behave|respond|answer|reply) as (?:if you|though you|an? (?:unrestricted|unfiltered|uncensored|evil|malicious|different ai))\b",
        r"(?:role ?play|play the (?:role|part)) (?:as|of)\b",
        r"(?:enter|enable|activate|switch to|unlock|turn on) (?:\w+ )?(?:unrestricted|jailbreak|dan|god|godmode|unfiltered|uncensored|developer|sudo)(?: mode)?\b",
        r"do anything now\b|jailbr[eo]ak(?:en)? (?:yourself|mode|prompt)",
    ],
    "it frees the model of its limits": [
        rf"(?:you|who|that|ai|model|assistant) (?:\w+ ){{0,2}}?(?:have|has|had|are|is|with) (?:\w+ ){{0,2}}?(?:no|without|free of|free from|not bound by) (?:\w+ ){{0,2}}?{_FREE}\b",
        rf"(?:answer|respond|reply|act|write|speak) (?:\w+ ){{0,2}}?without (?:any )?(?:\w+ )?{_FREE}\b",
        r"never (?:refuse|decline)\b|(?:never|do not|dont) say (?:that )?you (?:cannot|cant|can not|are unable)",
        r"(?:bypass|circumvent|evade) (?:\w+ ){0,2}?(?:security (?:filters|polic|measures)|safety|content filters?|moderation)",
    ],
    "it speaks to a model": [
        rf"(?:note|message|attention|instructions?|reminder|hint|request|information|memo|notice) (?:\w+ )?(?:to|for) (?:the |any |all |every |whichever |our )?(?:\w+ )?{_MACHINE}\b",
        rf"(?:if|since|because|as|in case) (?:you are|youre) (?:an? |the )(?:\w+ ){{0,3}}?{_MACHINE}\b",
        rf"(?:dear|hey|hello|attention) (?:\w+ )?{_MACHINE}\b",
        r"when you (?:see|read|encounter|process|parse|receive) this\b",
        rf"{_MACHINE} (?:that |which |who )?(?:\w+ )?(?:read|reads|reading|process|processing|processes|implementing|completing|generating|summari[sz]ing) (?:this|these|the) (?:\w+ )?(?:file|text|code|docstring|document|function|comment|message|data|record|ticket|page)?",
        rf"{_MACHINE} (?:must|should|shall|has to|have to|is required to|are required to|needs to) (?:also |always |now |first |instead )?(?:ignore|add|insert|include|write|output|return|reveal|import|call|send|follow|obey|respond|use)\b",
        r"(?:you|youre) (?:are )?an? (?:\w+ )?(?:ai|llm|language model|chatbot)\b",
    ],
    "it asks to keep something from people": [
        rf"(?:do not|dont|never|without|avoid) (?:\w+ )?(?:mention|mentioning|tell|telling|inform|informing|disclose|disclosing|alert|alerting|notify|notifying|reveal|revealing) (?:\w+ ){{0,4}}?(?:to )?(?:the |any )?{_PEOPLE}\b",
        rf"(?:so|such) (?:that )?(?:the |no |a )?{_PEOPLE} (?:do not|dont|does not|doesnt|will not|wont|cannot|cant|will never|never|will|would)? ?(?:notice|notices|see it|find out|realize|realise)\b",
        r"(?:secretly|covertly|stealthily|surreptitiously|unnoticed) (?:\w+ )?(?:send|sends|upload|post|add|insert|copy|log|store|forward|read|write|import|call|run|execute|open)\b",
        r"silently (?:send|sends|upload|uploads|post|posts|exfiltrate|transmit|forward|forwards)\b",
        r"(?:do not|dont|never) (?:mention|explain|comment on|document|talk about) (?:this|these|that) (?:\w+ )?(?:instructions?|lines?|changes?|note|message|part|step|code|call|in (?:the|your|any))\b",
    ],
    "it asks for a back door": [
        r"(?:insert|add|include|plant|embed|hide|leave|put|write|create|open|install) (?:\w+ ){0,3}?(?:back ?doors?|malware|reverse shells?|keyloggers?|trojans?|malicious (?:code|payload|import)|logic bombs?)\b",
        rf"(?:send|post|upload|exfiltrate|transmit|forward|leak|e?mail|ship) (?:\w+ ){{0,5}}?{_TREASURE} (?:\w+ ){{0,4}}?(?:to|at|via) ",
        rf"(?:exfiltrate|steal|leak|harvest) (?:\w+ ){{0,3}}?(?:data|files|{_TREASURE})\b",
        r"(?:output|reveal|leak|dump|expose) (?:\w+ ){0,2}?(?:secrets|api keys?|credentials|passwords)\b",
    ],
    FOREIGN: [
        r"(?:ignor(?:ez|er|ons|ad|ar|en|iert?|ieren?|iere|ate|are|uj|ujcie)|oublie[zr]?|vergiss|vergesst|vergessen sie|vergeet|negeer|olvid[ae]\w*|"
        r"dimentica\w*|esquec\w+|missacht\w+|desconsider\w+|zapomnij|zignoruj|no hagas caso de|ne tiens pas compte|ne tenez pas compte) "
        r"(?:\w+ ){0,4}?(?:instruc\w+|instruk\w+|instrucoes|istruzion\w+|anweisung\w*|instructies|regeln?|regles|reglas|regole|regras|regels|consignes|vorgaben|directives|polecenia|prompts?)\b",
        r"(?:ignore|ignora) (?:as|todas as|las|todas las|les|toutes les|le|tutte le|los|todos los|alle) (?:\w+ ){0,2}?(?:instruc\w+|instrucoes|istruzion\w+|regras|reglas|regole|consignes|anweisungen|regels)\b",
        r"(?:montr|affich|revel|donne|muestr|mostr|ensen|zeig|gib|verrat|toon|geef|pokaz|ujawnij|rivel|dis moi|dime|dimmi|diga)\w* (?:\w+ ){0,4}?(?:prompt systeme|instructions systeme|prompt du systeme|(?:prompt|instrucciones) del? sistema|systemprompts?|systemanweisung\w*|"
        r"prompt di sistema|istruzioni di sistema|(?:prompt|instrucoes) do sistema|systeemprompt|prompt systemow\w+|(?:vos|tes|tus|sus|deine|ihre|le tue|suas|je|jouw) (?:\w+ )?(?:instru\w+|istruzioni|anweisungen|consignes|instrucoes))\b",
        r"(?:про)?игнорируи\w* (?:\w+ ){0,4}?(?:инструкци\w*|правила|указани\w*|команд\w*)|забудь\w* (?:\w+ ){0,4}?(?:инструкци\w*|правила|указани\w*)",
        r"(?:покажи|раскрои|выведи|назови)\w* (?:\w+ ){0,4}?(?:системн\w+ (?:промпт|инструкци)\w*|свои инструкции)",
    ],
}  # fmt: skip
"""By what is said, the patterns over plain words that say it."""

UNSPACED = [
    r"(?:忽略|无视|無視|忘记|忘掉|忽视|不要理会)\w{0,12}(?:指令|指示|提示|规则|規則|说明|要求)|(?:系统|你的|隐藏)\w{0,3}(?:提示|指令)",
    r"(?:指示|命令|プロンプト|ルール)\w{0,8}(?:無視|忘れ)|システムプロンプト",
    r"(?:지시|명령|규칙|프롬프트)\w{0,4} ?(?:\w+ )?(?:무시|잊어)|시스템 ?프롬프트",
]
"""Patterns for writing without spaces between words."""

MARKUP = [
    r"<\|\s*(?:im_start|im_end|im_sep|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text)\s*\|>",
    r"\[/?(?:inst|system|sys)\]|<</?sys>>",
    r"</?system(?:[ _-]?(?:prompt|message|instructions?))?>|</?(?:assistant|instructions|system_instruction)>",
    r"<!--\s*(?:system|assistant|ai|llm|instructions?|prompt)\b",
    r"```+[ \t]*(?:system|assistant)\b",
    r"^[ \t]*#{1,6}[ \t]*(?:system(?: prompt)?|instructions?|new instructions?|assistant|response)[ \t]*:",
    r"^[ \t]*(?:system|assistant|human)[ \t]*:[ \t]*(?:you\b|your\b|ignore\b|disregard\b|the (?:user|assistant|model)\b)",
    r"\[[ \t]*(?:system|ai|assistant|llm|hidden|new)?[ _-]?(?:instructions?|override|note to (?:the )?(?:ai|model|assistant)|prompt)[ \t]*:",
]
"""Patterns over the text as it stands, lower-cased: what separates the turns of a chat."""

SAID = [
    *((what, re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})")) for what, patterns in WORDS.items()),
    (FOREIGN, re.compile("|".join(UNSPACED))),
]
TURNS = re.compile("|".join(f"(?:{pattern})" for pattern in MARKUP), re.I | re.M)
