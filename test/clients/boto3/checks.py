"""Checks by name: each prints one line of JSON, with its error where it fails."""
import json
import os
import traceback

import boto3
from botocore.config import Config

_checks = []


def check(name):
    """Makes a function a check of this name."""

    def added(function):
        _checks.append((name, function))
        return function

    return added


def run():
    for name, function in _checks:
        error = None
        try:
            function()
        except Exception:
            error = traceback.format_exc()
        print(json.dumps({'name': name, 'error': error}), flush=True)


def _options(region):
    return {
        'endpoint_url': os.environ['AWS_ENDPOINT_URL'],
        'region_name': region,
        'aws_access_key_id': os.environ['AWS_ACCESS_KEY_ID'],
        'aws_secret_access_key': 'any',
        'config': Config(retries={'total_max_attempts': 1}),
    }


def resource(region='eu-west-1'):
    return boto3.resource('ec2', **_options(region))


def client(region='eu-west-1'):
    return boto3.client('ec2', **_options(region))


def refused(code, call, **arguments):
    """The call fails with this code."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        assert error.response['Error']['Code'] == code, error
        return
    raise AssertionError(f'not refused with {code}')
