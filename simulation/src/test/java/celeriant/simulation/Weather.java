package celeriant.simulation;

/** How bad the network is at the moment, in percent of requests, and how slow. */
final class Weather {
    int lost;
    int answersCut;
    int repeated;
    int late;
    int portal;
    int streamsHeld;
    int piecesCut;
    long delayMaxMillis = 40;

    static Weather fair() {
        return new Weather();
    }

    static Weather foul(Chance chance) {
        Weather weather = new Weather();
        int kind = chance.below(4);
        weather.lost = kind == 0 ? 20 : chance.below(8);
        weather.answersCut = kind == 1 ? 40 : chance.below(10);
        weather.repeated = kind == 2 ? 30 : chance.below(8);
        weather.late = kind == 3 ? 20 : chance.below(4);
        weather.portal = chance.percent(10) ? 20 : 0;
        weather.streamsHeld = chance.percent(5) ? 60 : 0;
        weather.piecesCut = chance.below(10);
        weather.delayMaxMillis = chance.between(1, 300);
        return weather;
    }
}
