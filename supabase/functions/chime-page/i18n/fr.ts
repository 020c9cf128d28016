/** French, as one would speak to a patient: polite, simple, short. */
import type { LanguageTexts } from "./texts.ts";

/** Every text of the page in French. */
export const french: LanguageTexts = {
  page: {
    documentTitle: "Consultation vidéo",
    noScript:
      "Les appels vidéo ont besoin de JavaScript, qui est désactivé ici. Activez-le dans les réglages, ou ouvrez cette consultation sur un autre appareil.",
    peopleInCall: "Personnes dans l’appel",
    controls: "Commandes de l’appel",
    leave: "Quitter",
    close: "Fermer",
    chat: "Messages",
    closeChat: "Fermer les messages",
    chatEmpty:
      "Vos messages vont à toutes les personnes de l’appel. Ils ne sont pas gardés après la consultation.",
    message: "Message",
    send: "Envoyer",
    tooLong: "Ce message est trop long. Envoyez-le en plusieurs parties.",
    more: "Plus",
    language: "Langue",
    flipCamera: "Changer de caméra",
    shareScreen: "Partager l’écran",
    soundOutput: "Haut-parleur",
    oneLarge: "Agrandir la personne qui parle",
    dataSaver: "Utiliser moins de données",
    withVideo: "Vidéo et son",
    soundOnly: "Son seul, sans vidéo",
    howToJoin: "Comment voulez-vous participer ?",
    microphoneLevel: "Niveau du micro",
    whichMicrophone: "Micro",
    whichCamera: "Caméra",
    restore: "Réactiver le son et la caméra",
    lightColours: "Mode clair",
    moveSelf: "Déplacer votre vidéo dans un autre coin",
    captions: "Sous-titres",
    sharing: "Vous partagez votre écran",
    stopSharing: "Arrêter le partage",
    leaveTitle: "Quitter la consultation ?",
    endForAll: "Terminer pour tous",
    stay: "Rester",
    endFailed: "La consultation n’a pas pu être terminée pour tous. Réessayez.",
    howWas: "Comment étaient le son et la vidéo ?",
    good: "Bien",
    bad: "Pas bien",
    whatWasWrong: "Qu’est-ce qui n’allait pas ?",
    notHeard: "Les autres ne m’entendaient pas",
    noSound: "Je n’entendais pas les autres",
    badPicture: "La vidéo était floue ou figée",
    brokeOff: "L’appel s’est coupé",
    somethingElse: "Autre chose",
    done: "Envoyer",
    closeVisit: "Fermer la consultation",
    reference: "Référence",
    tryAgain: "Réessayer",
    opensAt: "Vous pourrez rejoindre l’appel à partir de {time}.",
    opensIn: "Ouverture dans {time}",
    joinTitle: "Votre consultation vidéo est prête",
    joinDetail:
      "Ce lien ne fonctionne qu’une fois. Ouvrez-le sur le téléphone ou l’ordinateur que vous utiliserez pour l’appel.",
    joinButton: "Rejoindre la consultation",
  },
  document: {
    visit: "Votre consultation vidéo",
    visitWith: "Votre consultation avec {name}",
    nextOpen: "L’appel démarrera automatiquement. Gardez cette page ouverte.",
    nextWaiting:
      "L’appel démarrera automatiquement quand {name} arrivera. Gardez cette page ouverte.",
    loading: "Préparation de l’appel…",
    waiting: "Nous attendons {name}",
    connecting: "Connexion…",
    reconnecting: "Connexion perdue. Reconnexion…",
    left: "Vous avez quitté la consultation",
    leftHelp: "Vous pouvez fermer cette page, ou revenir dans l’appel.",
    ended: "La consultation est terminée",
    endedHelp: "Vous pouvez maintenant fermer cette page.",
    failed: "Nous n’avons pas pu connecter votre appel",
    failedHelp: "Vérifiez votre connexion internet, puis réessayez.",
    sdkFailed: "L’appel vidéo ne s’est pas chargé",
    sdkTimeout: "L’appel vidéo met longtemps à se charger",
    unsupported: "Les appels vidéo ne fonctionnent pas dans cette application",
    unsupportedHelp: "Mettez-la à jour, ou ouvrez votre consultation dans Chrome ou Safari.",
    retry: "Réessayer",
    rejoin: "Revenir dans l’appel",
    lobby: "Vérifiez la caméra et le son, puis rejoignez l’appel.",
    joinNow: "Rejoindre la consultation",
    iAmReady: "Je peux commencer",
    isReady: "C’est noté. L’appel démarrera automatiquement quand {name} arrivera.",
    expected: "Vous êtes au bon endroit. {name} verra que vous attendez.",
    isWaiting: "{name} vous attend.",
    perHour: "environ {count} Mo par heure",
    offline: "Vous êtes hors ligne. L’appel reprendra quand la connexion reviendra.",
  },
  call: {
    noMicrophone:
      "Aucun micro n’a été trouvé. Vous voyez et entendez les autres, mais ils ne vous entendent pas.",
    noCamera:
      "Aucune caméra n’a été trouvée. Les autres vous entendent, mais ils ne vous voient pas.",
    microphoneBusy:
      "Une autre application utilise votre micro. Fermez-la, puis touchez « Activer le micro ».",
    cameraBusy:
      "Une autre application utilise votre caméra. Fermez-la, puis touchez « Démarrer la vidéo ».",
    allowAndroidApp:
      "Ouvrez les paramètres du téléphone, puis Applications, cette application, Autorisations. Autorisez la caméra et le micro, puis revenez.",
    allowIosApp:
      "Ouvrez Réglages sur votre iPhone, puis cette application. Activez la caméra et le micro, puis revenez.",
    allowChrome:
      "Touchez l’icône à côté de l’adresse, puis Autorisations. Autorisez la caméra et le micro, puis rechargez la page.",
    allowFirefox:
      "Touchez l’icône de caméra ou le cadenas à côté de l’adresse et supprimez le blocage de la caméra et du micro, puis rechargez la page.",
    allowSafari:
      "Touchez l’icône à côté de l’adresse, puis Réglages du site web. Autorisez la caméra et le micro, puis rechargez la page.",
    frontCamera: "Caméra avant",
    backCamera: "Caméra arrière",
    microphoneOf: "Micro {count}",
    cameraOf: "Caméra {count}",
    inCall: "Vous êtes dans l’appel",
    alone: "{name} n’est pas encore dans l’appel",
    removed: "On vous a fait sortir de l’appel",
    removedHelp: "Si c’est une erreur, contactez votre centre de santé.",
    joinedElsewhere: "La consultation est ouverte sur un autre appareil",
    joinedElsewhereHelp: "L’appel continue là-bas. Pour continuer ici, touchez le bouton.",
    full: "L’appel est complet",
    fullHelp: "Réessayez dans un instant.",
    tapToHear: "Touchez pour activer le son",
    microphoneRefused:
      "Votre micro est bloqué. Autorisez-le dans les réglages, puis touchez « Activer le micro ». En attendant, vous pouvez écouter.",
    cameraRefused:
      "Votre caméra est bloquée. Autorisez-la dans les réglages, puis touchez « Démarrer la vidéo ». L’appel continue sans elle.",
    microphoneWaiting: "Autorisez le micro pour que les autres vous entendent.",
    mute: "Couper le micro",
    unmute: "Activer le micro",
    cameraOn: "Démarrer la vidéo",
    cameraOff: "Arrêter la vidéo",
    continueHere: "Continuer ici",
    you: "Vous",
    guest: "Personne invitée",
    joined: "{name} est dans l’appel",
    gone: "{name} a quitté l’appel",
    poorSelf: "Votre connexion est faible",
    poorOther: "{name} a une connexion faible",
    pausedForSound:
      "La vidéo est en pause pour que le son reste clair. Elle reviendra toute seule.",
    onHold: "L’appel est en attente",
    dataUsed: "{count} Mo utilisés",
    chatUnread: "Messages, {count} non lus",
    newMessage: "Nouveau message : {name}",
    sending: "Envoi…",
    sent: "Envoyé",
    notSent: "Non envoyé",
    tileMuted: "{name}, micro coupé",
    tileUnmuted: "{name}, micro activé",
    tileTalking: "{name}, en train de parler",
    screenOf: "Écran partagé : {name}",
    shareFailed: "Votre écran n’a pas pu être partagé.",
    thanks: "Merci de votre retour.",
  },
  problems: {
    "unauthenticated": {
      title: "Veuillez vous reconnecter",
      detail:
        "Nous n’avons pas pu vérifier qui vous êtes : la consultation ne peut donc pas s’ouvrir.",
      nextStep:
        "Retournez dans votre application, connectez-vous et ouvrez la consultation depuis là.",
    },
    "pass-spent": {
      title: "Ce lien a déjà été utilisé",
      detail: "Pour votre sécurité, chaque lien de consultation ne s’ouvre qu’une fois.",
      nextStep:
        "Retournez dans votre application et ouvrez de nouveau la consultation : vous recevrez un nouveau lien.",
    },
    "pass-expired": {
      title: "Ce lien a expiré",
      detail: "Pour votre sécurité, un lien de consultation ne fonctionne que peu de temps.",
      nextStep:
        "Retournez dans votre application et ouvrez de nouveau la consultation : vous recevrez un nouveau lien.",
    },
    "visit-not-found": {
      title: "Consultation introuvable",
      detail: "Le lien est peut-être incomplet, ou la consultation appartient à un autre compte.",
      nextStep: "Vérifiez que vous utilisez le bon compte, ou demandez à votre centre de santé.",
    },
    "too-early": {
      title: "Vous êtes en avance",
      detail: "Votre consultation n’est pas encore ouverte. Tout va bien.",
      nextStep: "Gardez cette page ouverte. Vous entrerez automatiquement quand ce sera l’heure.",
    },
    "visit-over": {
      title: "Cette consultation est terminée",
      detail: "L’heure de cette consultation est passée : l’appel ne peut plus s’ouvrir.",
      nextStep:
        "Si vous l’avez manquée ou avez encore besoin d’aide, contactez votre centre de santé.",
    },
    "visit-cancelled": {
      title: "Cette consultation a été annulée",
      detail: "La consultation n’aura pas lieu à cette heure.",
      nextStep:
        "Cherchez un nouveau rendez-vous dans votre application, ou contactez votre centre de santé.",
    },
    "video-disabled": {
      title: "Pas d’appel vidéo pour cette consultation",
      detail: "Elle se passe autrement, par exemple au centre de santé ou par téléphone.",
      nextStep: "Regardez dans votre application comment et où elle a lieu.",
    },
    "not-allowed": {
      title: "Vous n’avez pas l’autorisation de faire cela",
      detail: "Seul le soignant de cette consultation peut faire cela.",
      nextStep: "Retournez à la consultation.",
    },
    "busy": {
      title: "Beaucoup de personnes se connectent en ce moment",
      detail:
        "Votre consultation est maintenue. Il faut juste quelques secondes de plus pour l’ouvrir.",
      nextStep: "Attendez un instant, puis réessayez.",
    },
    "upstream-unavailable": {
      title: "Le service vidéo ne répond pas",
      detail: "Votre consultation est maintenue, mais l’appel ne peut pas s’ouvrir pour l’instant.",
      nextStep:
        "Réessayez dans une minute. Si cela ne marche toujours pas, appelez votre centre de santé.",
    },
    "misconfigured": {
      title: "Un problème de notre côté",
      detail: "L’appel vidéo n’est pas réglé correctement. Vous n’y êtes pour rien.",
      nextStep: "Prévenez votre centre de santé et donnez-lui la référence ci-dessous.",
    },
    "visit-misconfigured": {
      title: "Votre centre de santé doit corriger cette consultation",
      detail:
        "Des informations de cette consultation manquent ou sont fausses, l’appel ne peut donc pas s’ouvrir. Vous n’y êtes pour rien.",
      nextStep:
        "Prévenez votre centre de santé et donnez-lui la référence ci-dessous. Puis réessayez.",
    },
    "bad-request": {
      title: "Ce lien est incomplet",
      detail: "Une partie du lien manque ou a été modifiée en chemin.",
      nextStep: "Retournez dans votre application et ouvrez la consultation depuis là.",
    },
    "payload-too-large": {
      title: "Trop de données à la fois",
      detail: "La page a envoyé plus de données que nous n’en acceptons.",
      nextStep: "Ouvrez de nouveau la consultation depuis votre application.",
    },
    "method-not-allowed": {
      title: "Cette page ne s’ouvre pas ainsi",
      detail: "La consultation a été demandée d’une façon qui ne marche pas.",
      nextStep: "Retournez dans votre application et ouvrez la consultation depuis là.",
    },
    "rate-limited": {
      title: "Trop de tentatives",
      detail: "Cette consultation a été ouverte trop souvent en peu de temps.",
      nextStep: "Attendez une minute, puis réessayez.",
    },
    "browser-too-old": {
      title: "Ce navigateur est trop ancien pour les appels vidéo",
      detail:
        "Le navigateur ou l’application qui affiche cette page ne permet pas les appels vidéo. Votre lien reste valable.",
      nextStep:
        "Mettez à jour Chrome et Android System WebView dans le Play Store, ou iOS dans les réglages. Ou ouvrez la consultation sur un autre téléphone ou ordinateur.",
    },
    "not-prefetched": {
      title: "Pas encore ouverte",
      detail: "Une consultation s’ouvre quand une personne l’ouvre, pas dans un aperçu.",
      nextStep: "Touchez le lien pour ouvrir votre consultation.",
    },
  },
};
