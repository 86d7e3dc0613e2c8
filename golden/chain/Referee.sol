pragma solidity ^0.4.22;

// Somebody asks for a digit, and whoever shows a picture of it gets a point. A contract of one's own, with events, reasons and mistakes.
contract Referee {
    event Shown(address indexed player, uint256 indexed digit, int256 score, string words);

    address private model;
    uint256[] private image;
    uint256 public wanted;
    mapping(address => uint256) public points;

    constructor(address account, uint256 digit) public {
        require(digit < 10, "there are ten digits");
        model = account;
        wanted = digit;
    }

    function SetInput(uint256[] words) public {
        image = words;
    }

    function show() public returns (uint256 total) {
        uint256[] memory output = new uint256[](2);
        inferArray(model, image, output);
        uint256 best = 0;
        for (uint256 i = 1; i < 10; i++) {
            if (score(output, i) > score(output, best)) best = i;
        }
        require(best == wanted, "another digit was asked for");
        points[msg.sender]++;
        emit Shown(msg.sender, best, score(output, best), "well shown");
        return points[msg.sender];
    }

    function ask(uint256 digit) public {
        require(digit < 10);
        wanted = digit;
    }

    // An output array that is too short.
    function short() public {
        uint256[] memory output = new uint256[](1);
        inferArray(model, image, output);
    }

    function elsewhere(address account) public {
        uint256[] memory output = new uint256[](2);
        inferArray(account, image, output);
    }

    function forever() public {
        while (true) wanted++;
    }

    function nothing(uint256 digit) public view {
        assert(digit == wanted);
    }

    function score(uint256[] memory output, uint256 i) private pure returns (int256) {
        return int256(int32(uint32(output[i / 8] >> (32 * (7 - i % 8)))));
    }
}
